create table p (id bigint, k int not null) partition by list (k);
create table p1 partition of p for values in (1);
