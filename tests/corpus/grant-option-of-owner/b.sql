create table t (a int, b int);
grant update on t to current_user with grant option;
create table owned (a int);
alter table owned owner to corpus_owner;
create function f() returns int language sql as 'select 1';
revoke all on function f() from public;
grant all on function f() to current_user with grant option;
