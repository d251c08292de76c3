create type state as enum ('new', 'it''s', 'done');
create table t (s state default 'new', many state[] default '{new}', check (s <> 'done'), unique (s));
create index t_s on t (s) where s = 'new';
create type holder as (s state);
create domain dom as state check (value <> 'done');
create table u (h holder, d dom, s state);
create function f(state, x state default 'new') returns state language sql as 'select $1';
create view v as select s, s = 'new' as fresh from t;
create policy p on t using (s = 'new');
