create table t (a int, b int, c int generated always as (a + 1) stored, d int generated always as (a * 2) stored, e int);
