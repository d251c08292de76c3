create table base (a int default 1, b int);
create table child (c int) inherits (base);
create table p (k int, v int default 1) partition by list (k);
create table p1 partition of p for values in (1);
