create table t (a int, b int);
grant select on t to current_user with grant option;
create table owned (a int);
alter table owned owner to corpus_owner;
grant insert on owned to corpus_owner with grant option;
create function f() returns int language sql as 'select 1';
