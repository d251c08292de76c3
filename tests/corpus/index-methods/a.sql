create table t (a int, b int[], c tsvector, d point, e text, f int4range, g inet);
create index i1 on t (a);
create index i2 on t using gin (b);
create index i3 on t using gist (c);
create index i4 on t using gist (d);
