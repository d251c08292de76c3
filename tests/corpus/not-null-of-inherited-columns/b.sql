-- postgresql >= 18
create table q (a int constraint qa not null, b int, d int constraint there not null no inherit);
create table child () inherits (q);
create table other (constraint other_b not null b, not null d) inherits (q);
create table p (k int not null, a int) partition by list (k);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2);
create table p3 (a int, k int constraint "Own k" not null);
alter table p attach partition p3 for values in (3);
create table p4 partition of p (constraint "Own a" not null a) for values in (4);
