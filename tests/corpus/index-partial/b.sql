create table t (a int, b text, at timestamptz);
create index i1 on t (a) where b = 'y';
create index i2 on t (a) where a > 0 and b <> '';
create unique index i3 on t (b);
