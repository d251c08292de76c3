create table t (a int, b int, constraint some check (num_nonnulls(a, b) = 1));
