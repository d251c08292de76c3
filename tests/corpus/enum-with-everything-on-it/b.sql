create type state as enum ('new', 'half "done"', 'it''s', 'done', 'gone\');
create table t (s state default 'done', many state[] default '{new,done}', check (s <> 'it''s'), unique (s));
create index t_s on t (s) where s = 'done';
create type holder as (s state);
create domain dom as state check (value <> 'it''s');
create table u (h holder, d dom, s state);
create function f(state, x state default 'done') returns state language sql as 'select $1';
create view v as select s, s = 'done' as fresh from t;
create policy p on t using (s = 'done');
