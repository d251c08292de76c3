create type pair as (x int, y int);
create type point_like as (x int, y int);
create domain d as int;
create cast (pair as point_like) with inout;
create cast (pair as text) with inout as assignment;
