create type state as enum ('new', 'open', 'done');
create table t (id int, s state not null default 'new', all_s state[] default '{new,done}', constraint c check (s <> 'done' or id > 0));
create index t_s on t (s) where s = 'open';
create view v as select id from t where s = 'new';
create function f(s state) returns text language sql as 'select s::text';
create function g() returns state language sql as $$select 'open'::state$$;
create domain live as state check (value <> 'done');
create table u (l live, k text generated always as (case when s2 = 'new' then 'n' else 'o' end) stored, s2 state);
create type pair as (s state, n int);
