create table p (k int, a int not null) partition by list (k);
create index p_a on p (a);
create table p1 (k int, a int not null);
create index p1_own on p1 (a);
create table p2 (k int, a int not null);
create index p2_own on p2 (a) with (fillfactor = 50);
alter table p attach partition p2 for values in (2);
