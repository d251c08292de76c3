create table p (k int, a int, constraint c2 check (a > 1)) partition by list (k);
create table p1 partition of p for values in (1);
alter table p1 add constraint own check (a < 10);
