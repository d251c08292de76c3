create table t (a int, b int, c int, d int);
alter table t alter a set statistics 100, alter b set (n_distinct = 5), alter c set (n_distinct = -0.5, n_distinct_inherited = 10);
