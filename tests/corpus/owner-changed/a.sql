create table t (id serial);
create view v as select 1 as a;
create function f() returns int language sql as 'select 1';
alter table t owner to corpus_owner;
alter function f() owner to corpus_owner;
