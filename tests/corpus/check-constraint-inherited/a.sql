create table p (a int, constraint c1 check (a > 0), constraint c2 check (a < 100) no inherit);
create table c (b int) inherits (p);
