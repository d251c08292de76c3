create table t (a int, b text, c varchar(5), d int);
create index i1 on t (a desc, d asc nulls first);
create index i2 on t (b text_pattern_ops);
create index i3 on t (c collate "POSIX" desc nulls last);
create index i4 on t (a, b) include (d, c);
