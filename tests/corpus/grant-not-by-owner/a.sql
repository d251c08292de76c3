create table t (a int);
alter table t owner to corpus_owner;
grant select on t to corpus_reader;
