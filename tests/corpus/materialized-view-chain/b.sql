create table t (a bigint, b text);
create materialized view m as select a, b, 1 as one from t;
create unique index m_a on m (a);
create view v as select a from m;
create materialized view n with (fillfactor = 60, autovacuum_enabled = off) as select a from v with no data;
alter materialized view n alter a set statistics 10;
grant select on m to corpus_reader;
