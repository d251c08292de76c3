create table p (k int, a int, b int) partition by list (k);
create table p1 partition of p for values in (1);
create index p_a on p (a);
create index p_b on p (b);
alter index p1_a_idx rename to two;
alter index p1_b_idx rename to one;
