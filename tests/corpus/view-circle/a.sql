create table t (a int);
create view v as select a from t;
create function f() returns setof v language sql as 'select a from t';
