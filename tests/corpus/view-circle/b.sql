create table t (a int);
create view v as select 1 as a;
create function f() returns setof v language sql as 'select a from t';
create or replace view v as select a from f();
