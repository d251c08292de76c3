create function f(x int) returns int immutable language sql as 'select x + 2';
create table t (a int default f(1), constraint c check (f(a) > 0));
create view v as select f(a) as x from t;
