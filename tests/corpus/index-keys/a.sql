create table t (a int, b text, c varchar(5), d int);
create index i1 on t (a);
create index i2 on t (b);
create index i3 on t (c collate "C" varchar_pattern_ops);
create index i4 on t (a, b) include (c);
