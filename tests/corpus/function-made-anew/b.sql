create function renamed("A" int, out b int) returns int language sql as 'select "A"';
create function returned(a int) returns bigint language sql as 'select a::bigint';
create function columns_of(out a int, out b text) language sql as $$select 1, 'x'::text$$;
create function default_gone(a int) returns int language sql as 'select a';
create function any_default(a anyelement default 'x'::text) returns anyelement language sql as 'select a';
create function win() returns bigint language internal window as 'window_row_number';
create view v as select returned(1) as r;
grant execute on function renamed(int) to corpus_reader;
comment on function renamed(int) is 'stays';
