create table t (id int, a int);
alter table t owner to corpus_other;
grant references (a) on t to corpus_other with grant option;
grant select (id) on t to corpus_other;
