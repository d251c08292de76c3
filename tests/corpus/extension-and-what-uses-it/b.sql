create schema ext;
create extension hstore schema ext;
create extension citext schema ext;
create table t (id int, name ext.citext unique, tags ext.hstore default ''::ext.hstore);
create index t_tags on t using gin (tags);
create function f(ext.hstore) returns ext.citext language sql as $$ select 'x'::ext.citext $$;
create view v as select name::text || 'x' as named from t where tags operator(ext.?) 'a';
create domain email as ext.citext check (value::text ~ '@');
