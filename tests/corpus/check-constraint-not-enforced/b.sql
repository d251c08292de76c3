create table t (a int, constraint c1 check (a > 0) not enforced, constraint c2 check (a > 1), constraint c3 check (a > 2) not enforced);
