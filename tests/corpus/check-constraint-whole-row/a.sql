create table t (a int, b int, constraint either check (num_nonnulls(a, b) = 1));
