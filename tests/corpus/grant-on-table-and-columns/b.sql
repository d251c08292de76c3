create table t (a int, b int, c int);
grant select (a, c), insert (b), references (a) on t to corpus_reader;
grant select (a) on t to corpus_other, public;
grant update on t to corpus_other with grant option;
grant trigger, truncate on t to corpus_owner;
