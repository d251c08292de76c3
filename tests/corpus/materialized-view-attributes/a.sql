create table t (a int, b text);
create materialized view m with (fillfactor = 70, autovacuum_enabled = false) as select a, b from t;
create materialized view "Odd" as select a, b from t;
alter materialized view "Odd" alter b set storage external, alter a set statistics 5;
create materialized view gone as select 1 as x;
create index on m (a);
grant select on m to corpus_reader;
