create table p (k int, a int) partition by list (k);
create table p1 partition of p for values in (1) partition by list (a);
create table p11 partition of p1 for values in (1);
alter table p1 alter a set not null;
create table p2 partition of p for values in (2) partition by list (a);
create table p21 partition of p2 for values in (1);
