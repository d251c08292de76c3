create schema app;
create table t (id int, n int);
alter table t owner to corpus_owner;
create sequence "Q q" as smallint;
create sequence down increment -1;
create sequence typed as integer maxvalue 100;
create sequence gone;
create table u (id int);
create sequence freed owned by u.id;
