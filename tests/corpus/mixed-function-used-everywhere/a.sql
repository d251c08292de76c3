create function f(x int) returns int immutable language sql as 'select x + 1';
create table t (a int default f(1), b int generated always as (f(a)) stored, constraint c check (f(a) > 0));
create index i on t (f(a));
create view v as select f(a) as x from t;
create policy p on t using (f(a) > 1);
create domain d as int default f(2) check (f(value) > 0);
create function h() returns int language sql as 'select f(3)';
create materialized view m as select f(4) as four;
