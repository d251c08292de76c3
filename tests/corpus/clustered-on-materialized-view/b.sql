create table t (a int);
create materialized view m as select a, a + 1 as b from t;
create index m_a on m (a);
alter materialized view m cluster on m_a;
create materialized view n as select a from t;
create index n_a on n (a);
create unique index n_u on n (a);
alter materialized view n cluster on n_u;
