create type pair as (a int, b int);
create table t (a int, b int);
create table u of pair;
