create table t (a int, b int, constraint u1 unique nulls not distinct (a), constraint u2 unique (a, b));
create unique index i on t (b) nulls not distinct;
