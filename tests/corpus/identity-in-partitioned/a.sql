-- postgresql >= 17
create table p (id int not null, k int) partition by list (k);
create table p1 partition of p for values in (1);
