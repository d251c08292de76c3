create type pair as (a int, b int);
create table t of pair;
create table u (a int, b int);
