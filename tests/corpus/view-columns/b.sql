create table t (a int, b int);
create view added as select a, b, a + b as c from t;
create view dropped as select a from t;
create view renamed as select a as y from t;
create view retyped as select a::text from t;
create view reordered as select b, a from t;
