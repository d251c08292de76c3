create table t (a int);
alter table t owner to corpus_other;
grant select on t to corpus_reader;
