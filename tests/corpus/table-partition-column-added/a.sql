create table p (id int, k int) partition by range (k);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20) partition by list (id);
create table p2a partition of p2 default;
