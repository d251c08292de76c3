create table p (a int not null, b int);
create table c (x int not null) inherits (p);
create table q (k int not null, v int) partition by list (k);
create table q1 partition of q for values in (1);
alter table q1 alter v set not null;
