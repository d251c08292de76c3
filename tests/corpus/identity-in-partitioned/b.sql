create table p (id int not null generated always as identity (start 5), k int) partition by list (k);
create table p1 partition of p for values in (1);
