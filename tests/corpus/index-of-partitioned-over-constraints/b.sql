create table p (a int) partition by range (a);
create table p1 partition of p for values from (0) to (10) partition by range (a);
create table p11 partition of p1 for values from (0) to (5);
alter table p11 add primary key (a);
create table p12 partition of p1 for values from (5) to (10);
create unique index on p (a);
