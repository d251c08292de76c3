create table t (a int);
create materialized view m as select a from t;
create view v as select a from t;
