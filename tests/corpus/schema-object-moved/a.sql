create schema app;
create table t (id serial primary key, name text not null);
create index t_name on t (name);
create function f(x int) returns int language sql as 'select x + 1';
