create table t (a int, b int);
create view v as select 1 as x;
create function f() returns int language sql as 'select 1';
create sequence s;
create type mood as enum ('sad');
grant select on t to corpus_reader;
