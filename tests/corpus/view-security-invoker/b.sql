create table t (a int);
create view v1 with (security_invoker = true, security_barrier = true) as select a from t;
create view v2 with (security_invoker = false) as select a from t;
