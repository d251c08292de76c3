create table base (a int default 2, b int default 3);
create table child (c int default 4) inherits (base);
alter table child alter a drop default, alter b set default 5;
create table p (k int default 1, v int) partition by list (k);
create table p1 partition of p for values in (1);
alter table p1 alter v set default 7;
