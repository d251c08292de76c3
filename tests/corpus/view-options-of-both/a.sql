create table t (a int);
create view v1 as select a from t where a > 0;
create view v2 with (security_barrier) as select a from t where a > 0 with local check option;
create view v3 as select a from v1 where a < 10 with cascaded check option;
