create type pos as (x int, y int);
create table t (id int primary key, p pos, ps pos[]);
create function f(p pos) returns int language sql as 'select (p).x';
create view v as select (p).x from t;
