create table t (a int);
grant select on t to corpus_reader with grant option;
grant insert on t to corpus_reader;
grant select on t to corpus_other;
