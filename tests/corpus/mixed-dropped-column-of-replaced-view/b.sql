create table t (a int, c int);
create view v as select a, c as b from t;
create view w as select a from v;
