create schema "Two t";
create extension hstore schema "Two t";
create extension citext schema "Two t";
create table t (a text);
create index t_a on t (a);
