create schema "Old one";
create table "Old one".t (id serial primary key);
create schema app;
revoke create on schema public from public;
