create table p (a int, b int) partition by range (a);
create table p1 partition of p for values from (1) to (9);
create table p2 partition of p (a not null, b default 3 not null) for values from (10) to (20) partition by range (b);
create table p21 partition of p2 for values from (0) to (9);
