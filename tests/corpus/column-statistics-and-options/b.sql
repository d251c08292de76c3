create table t (a int, b int, c int, d int);
alter table t alter b set statistics 0, alter c set (n_distinct = -0.7), alter d set statistics 1000, alter d set (n_distinct_inherited = 2);
