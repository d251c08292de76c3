create table t (a int);
create view m as select a from t;
create materialized view v as select a from t;
create index on v (a);
