create table t (a int, b text, at timestamptz);
create index i1 on t (a) where b = 'x';
create index i2 on t (a);
create unique index i3 on t (b) where at is null;
