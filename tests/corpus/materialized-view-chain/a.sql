create table t (a int, b text);
create materialized view m as select a, b from t;
create unique index m_a on m (a);
create view v as select a from m;
create materialized view n with (fillfactor = 50) as select a from v with no data;
grant select on m to corpus_reader;
