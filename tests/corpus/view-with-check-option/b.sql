create table t (a int, b text);
create view v as select a, b from t where a > 0 with cascaded check option;
create view w with (security_barrier, check_option = local) as select a from v where a < 100;
grant select, insert, update (a) on v to corpus_reader;
