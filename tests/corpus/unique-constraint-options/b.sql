create table t (a int, b int, c int, constraint u1 unique (a) include (b, c), constraint u2 unique (b, a) deferrable initially deferred, constraint u3 unique (c) with (fillfactor = 60), constraint added unique (c, b, a));
comment on constraint u1 on t is 'once';
