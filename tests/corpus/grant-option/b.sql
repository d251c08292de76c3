create table t (a int);
grant select on t to corpus_reader;
grant insert on t to corpus_reader with grant option;
grant select on t to corpus_other;
