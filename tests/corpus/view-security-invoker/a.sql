-- postgresql >= 15
create table t (a int);
create view v1 as select a from t;
create view v2 with (security_invoker) as select a from t;
