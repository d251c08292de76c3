create type stored as (x int, z text, "N n" numeric(3, 1), last text collate "C");
create type moved as (y int, x int);
create type retyped as (x bigint, y text);
create table t (id int, s stored);
create function make() returns retyped language sql as 'select null::retyped';
