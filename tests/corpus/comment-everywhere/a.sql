create table t (a int, b int constraint pos check (b > 0));
create view v as select a from t;
create function f(x int) returns int language sql as 'select 1';
comment on table t is 'one';
comment on column t.a is 'gone';
