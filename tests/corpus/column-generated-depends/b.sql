create function twice(x bigint) returns bigint immutable language sql as 'select x * 2';
create table t (a bigint, b bigint generated always as (twice(a)) stored, constraint c check (b >= 0));
create index t_b on t (b);
