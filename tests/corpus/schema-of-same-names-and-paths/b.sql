create schema app;
create table users (id int primary key);
create table app.users (id int primary key);
create function app.find() returns int language sql set search_path = public, app as 'select id from users limit 1';
create view app.v as select id, 'app.users' as told from public.users;
create table app.t (a int references app.users, b int references users, note text default 'app.users');
