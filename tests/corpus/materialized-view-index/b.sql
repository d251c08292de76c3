create table t (a int);
create materialized view m as select a + 1 as a from t;
create unique index on m (a);
create materialized view same as select a from t with no data;
