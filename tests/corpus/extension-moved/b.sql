create schema one;
create schema two;
create extension hstore schema two;
create table t (a two.hstore);
comment on extension hstore is 'ours';
