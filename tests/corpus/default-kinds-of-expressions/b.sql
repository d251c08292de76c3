create sequence s;
create function f() returns text language sql as $$select 'f'$$;
create table t (a text default null, b int, c int default nextval('s'), d date default (now() at time zone 'utc')::date, e text default current_user || f(), g int[] default array[1, 2], h int default -1);
