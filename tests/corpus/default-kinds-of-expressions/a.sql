create sequence s;
create function f() returns text language sql as $$select 'f'$$;
create table t (a text default 'x', b int default 1 + 1, c int, d date default current_date, e text default f(), g int[] default '{}', h int);
