create table t (a int, b text);
alter table t owner to corpus_owner;
create view v as select a from t;
alter view v owner to corpus_other;
create view w as select a from v;
create function f(a int) returns int language sql as 'select 1';
alter function f owner to corpus_other;
create type e as enum ('a', 'b');
alter type e owner to corpus_other;
