create table t (a int, b int);
grant select, update on t to corpus_reader;
grant select (a) on t to corpus_reader, corpus_other;
grant all on t to corpus_owner;
