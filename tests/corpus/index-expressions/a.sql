create table t (a int, b text, c jsonb, d int[]);
create index i1 on t (lower(b));
create index i2 on t ((a + 1), b);
create index gone on t (a, (b || 'x'));
