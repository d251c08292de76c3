create table t (a int, b int, c int, constraint u1 unique (a), constraint u2 unique (a, b) deferrable, constraint u3 unique (c), constraint gone unique (b, c));
