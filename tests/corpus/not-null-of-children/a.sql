create table p (a int, b int not null);
create table c (x int) inherits (p);
create table q (k int, v int) partition by list (k);
create table q1 partition of q for values in (1);
