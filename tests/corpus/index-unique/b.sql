create table t (a int, b int);
create unique index i1 on t (a);
create index i2 on t (a, b);
create unique index "Once only" on t (b desc) include (a);
