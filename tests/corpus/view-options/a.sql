create table t (a int, b int);
create view v as select a from t;
create view w as select a from t where a > 0;
create view opened with (security_barrier) as select a from t;
