create type stored as (x int, "Y y" int, z text);
create type moved as (x int, y int);
create type retyped as (x int, y text);
create table t (id int, s stored);
create function make() returns retyped language sql as 'select null::retyped';
