create schema one;
create extension hstore schema one;
create extension pg_trgm;
comment on extension pg_trgm is 'ours';
create table t (a text);
create index t_a on t using gin (a gin_trgm_ops);
