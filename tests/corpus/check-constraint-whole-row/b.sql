create table t (a int, b int, c int, constraint either check (num_nonnulls(t.*) >= 1));
