create table p (k int, a int) partition by list (k);
create table p1 partition of p for values in (1);
create index p1_a on p1 (a desc);
create index p_a on p (a);
