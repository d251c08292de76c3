-- postgresql >= 15
create table t (a int, b int, constraint u1 unique (a), constraint u2 unique nulls not distinct (a, b));
create unique index i on t (b);
