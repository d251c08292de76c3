create table p (k int, a int) partition by list (k);
create table p1 partition of p for values in (1);
create index p_a on only p (a);
create index "its own name" on p1 (a) with (fillfactor = 50);
alter index p_a attach partition "its own name";
create table p2 partition of p for values in (2);
