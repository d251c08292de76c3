create table t (a int, b int);
create table v (a int);
create view w as select a from t;
create view m as select b from t;
