create table p (k int, a int, b int) partition by list (k);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2) partition by list (a);
create table p2a partition of p2 for values in (1);
create index p_a on p (a desc);
create unique index p_once on p (k, a, b);
create index p1_own on p1 (b) where b > 0;
create index p2_own on p2 (b);
comment on index p_a is 'down';
