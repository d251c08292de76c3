create table t (a int, b int, constraint c1 check (a > 1), constraint c2 check (a < b) not valid, check (b <> 8), constraint "C 3" check (a + b < 100));
comment on constraint c1 on t is 'more';
