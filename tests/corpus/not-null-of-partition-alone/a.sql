create table p (a int, b int) partition by range (a);
create table p1 partition of p for values from (1) to (9);
