create table t (a int, b int, c text);
create view v as select t, a from t;
create view w as select (v.t).b, (v.t).c from v;
