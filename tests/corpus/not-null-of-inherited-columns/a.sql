-- postgresql >= 18
create table q (a int constraint qa not null, b int, d int constraint there not null no inherit);
create table child (constraint own_b not null b) inherits (q);
create table other () inherits (q);
create table p (k int not null, a int) partition by list (k);
create table p1 partition of p (constraint own_a not null a) for values in (1);
create table p2 (k int constraint own_k not null, a int);
