create table p (id bigint, k bigint not null) partition by list (k);
create table p1 partition of p for values in (1);
