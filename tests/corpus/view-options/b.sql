create table t (a int, b int);
create view v as select a, b from t;
create view w as select a from t where a > 0 with cascaded check option;
create view opened as select a from t;
alter view opened alter a set default 3;
