create table t (a int, b int generated always as (a + 2) virtual, c int generated always as (a + 1) virtual, d int, e int generated always as (a * a) virtual not null);
