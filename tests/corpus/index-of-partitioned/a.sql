create table p (k int, a int, b int) partition by list (k);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2) partition by list (a);
create table p2a partition of p2 for values in (1);
create index p_a on p (a);
