create table t (a int, b text);
create materialized view m as select a, b from t;
create unique index m_a on m (a);
create materialized view above as select a from m with no data;
grant select on m to corpus_reader;
create function f() returns setof m language sql as 'select * from public.m';
