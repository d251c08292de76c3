create table p (k int, a int) partition by list (k);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2) partition by list (a);
create table p21 partition of p2 for values in (1);
create index p1_a on p1 (a desc);
create index p21_a on p21 (a desc nulls last) with (fillfactor = 50);
create index p_a on p (a);
