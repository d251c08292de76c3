create table "A table whose name is as long as it may be, that is, 63 bytes" (k int, "A column whose name is quite long, too" int) partition by list (k);
create table "A partition whose name is as long as it may be, 63 bytes it is" partition of "A table whose name is as long as it may be, that is, 63 bytes" for values in (1);
create table p (k int, "A column whose name is quite long, too" int, b int, c int generated always as (k) stored) partition by list (k);
create table p1 partition of p for values in (1);
