create function twice(x int) returns int immutable language sql as 'select x * 2';
create table t (a int, b int generated always as (twice(a)) stored, constraint c check (b >= 0));
create index t_b on t (b);
