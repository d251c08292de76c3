create table t (a int, b int);
create view v as select t, a from t;
create view w as select (v.t).b from v;
