create table t (a int, b int);
create index i1 on t (a);
create unique index i2 on t (a, b);
