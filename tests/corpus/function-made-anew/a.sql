create function renamed(a int, out b int) returns int language sql as 'select a';
create function returned(a int) returns int language sql as 'select a';
create function columns_of(out a int, out b int) language sql as 'select 1, 2';
create function default_gone(a int default 1) returns int language sql as 'select a';
create function any_default(a anyelement default 1) returns anyelement language sql as 'select a';
create function win() returns bigint language internal as 'window_row_number';
create view v as select returned(1) as r;
grant execute on function renamed(int) to corpus_reader;
comment on function renamed(int) is 'stays';
