create table a (x text, y int);
create table b (x int, y text);
create view v as select x from b;
create function f(text) returns int language sql as 'select 1';
