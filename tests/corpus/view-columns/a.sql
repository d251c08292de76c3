create table t (a int, b int);
create view added as select a from t;
create view dropped as select a, b from t;
create view renamed as select a as x from t;
create view retyped as select a from t;
create view reordered as select a, b from t;
