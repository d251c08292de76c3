create table t (a int, b text, c jsonb, d int[]);
create index i1 on t (upper(b));
create index i2 on t ((a + 2), b);
create index "I 3" on t ((c ->> 'k'), (d[1])) where a is not null;
create unique index i4 on t (coalesce(a, -1), (case when a > 0 then b end));
comment on index i1 is 'upper';
alter index i2 alter column 1 set statistics 300;
