create table t (a int, b int);
create view v as select a, b from t where a > 0 with local check option;
create view w with (security_barrier) as select a from v;
grant select, insert, update (a) on v to corpus_reader;
