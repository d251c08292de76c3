create table t (a int, b int);
create index i1 on t (a);
create index i2 on t (b) with (fillfactor = 70, deduplicate_items = off);
create index i3 on t (a, b) with (fillfactor = 50);
