set check_function_bodies = off;
create type status as enum ('open', 'done');
create function first_of(x int) returns status language plpgsql as $$ begin return public.last_of(x, null); end $$;
create table t (a int, s status default first_of(1), constraint c check (first_of(a) <> 'done'));
create table later (a int, s status);
create function last_of(x int, y later) returns status language plpgsql as $$ declare r public.later; begin return 'open'; end $$;
create function z_uses() returns bigint language sql as 'select count(*) from public.later, public.a_view';
create function z_helper(int) returns int language sql immutable as 'select $1';
create view a_view as select z_helper(a) as z from later;
