create schema app;
create table app.t (id serial primary key, name text not null);
create index t_name on app.t (name);
create function app.f(x int) returns int language sql as 'select x + 1';
