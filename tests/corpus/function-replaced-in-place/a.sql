create schema s;
create function body(a int) returns int language sql as 'select a';
create function default_added(a int, b int) returns int language sql as 'select a';
create function default_changed(a int default 1) returns int language sql as 'select a';
create function attributes(a int) returns setof int language sql immutable strict leakproof cost 5 rows 5
  parallel safe set work_mem = '1MB' as 'select a';
create view v as select s.id from (select body(1) as id) s;
create table t (id int default default_changed());
grant execute on function body(int) to corpus_reader;
comment on function body(int) is 'stays';
