create table t (a int, b int, constraint c1 check (a > 0), constraint c2 check (a < b), check (b <> 7), constraint gone check (b > 0));
