create table p (k int, a int default 1, b text) partition by list (k);
create table p1 partition of p for values in (1);
alter table p1 alter a drop default, alter b set statistics 10;
