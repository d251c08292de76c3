create function f(x int) returns int language sql immutable as 'select x';
create view same as select f(1) as one;
create view other as select f(1) as one;
create table t (id int default f(1), n int);
