create type pos as (x int, y int, z int);
create table t (id int primary key, p pos, ps pos[]);
create function f(p pos) returns int language sql as 'select (p).z';
create view v as select (p).x, (p).z from t;
