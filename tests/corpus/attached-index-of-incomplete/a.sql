create table p (k int, a int) partition by list (k);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2);
create index p_a on only p (a);
create index p1_own on p1 (a);
alter index p_a attach partition p1_own;
create index p_u on only p (k, a);
