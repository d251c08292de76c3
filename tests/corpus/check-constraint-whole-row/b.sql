create table t (a int, b int, c int, constraint some check (num_nonnulls(t.*) >= 1));
