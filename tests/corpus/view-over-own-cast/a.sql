create type pair as (x int, y int);
create function of_pair(pair) returns text language sql immutable as $$ select $1.x || ':' || $1.y $$;
create table t (p pair);
