create table p (a int, constraint c1 check (a > 0) no inherit, constraint c2 check (a < 100), constraint c3 check (a <> 5));
create table c (b int, constraint own check (b > 0)) inherits (p);
create table d (constraint c3 check (a <> 5)) inherits (p);
