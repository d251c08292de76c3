create table t (id int, a int);
alter table t owner to corpus_other;
