create function f(x int, y int default 0) returns int language sql immutable as 'select x + y';
create view same as select f(1) as one;
create view other as select f(1, 2) as one;
create table t (id int default f(1, 2), n int default f(3));
