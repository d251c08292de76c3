create table other (id int primary key);
create table p (id int, k int, o int) partition by list (k);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2);
