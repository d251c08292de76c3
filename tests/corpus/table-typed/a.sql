create type pt as (x int, y int);
create table t of pt;
