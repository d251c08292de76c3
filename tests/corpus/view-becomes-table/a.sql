create table t (a int, b int);
create view v as select a from t;
create table w (a int);
create materialized view m as select b from t;
