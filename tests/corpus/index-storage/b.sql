create table t (a int, b int);
create index i1 on t (a) with (fillfactor = 80);
create index i2 on t (b) with (fillfactor = 60);
create index i3 on t (a, b);
