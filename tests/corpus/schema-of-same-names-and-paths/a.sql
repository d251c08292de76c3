create schema app;
create table users (id int primary key);
create table app.users (id int primary key);
create function app.find() returns int language sql set search_path = app, public as 'select id from users limit 1';
create view app.v as select id, 'app.users' as told from app.users;
create table app.t (a int references users, b int references app.users, note text default 'public.users');
