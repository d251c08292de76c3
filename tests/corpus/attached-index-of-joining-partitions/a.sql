create table p (k int, a int not null) partition by list (k);
create index p_a on p (a);
create table p1 partition of p for values in (1);
alter index p1_a_idx rename to p1_own;
create table p2 (k int, a int not null);
create index p2_own on p2 (a) with (fillfactor = 50);
