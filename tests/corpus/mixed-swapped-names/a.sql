create table a (x int, y text);
create table b (x text, y int);
create view v as select x from a;
create function f(int) returns int language sql as 'select 1';
