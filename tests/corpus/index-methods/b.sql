create table t (a int, b int[], c tsvector, d point, e text, f int4range, g inet);
create index i1 on t using hash (a);
create index i2 on t using gin (b) with (fastupdate = off, gin_pending_list_limit = 128);
create index i3 on t using gin (c);
create index i4 on t using spgist (d kd_point_ops);
create index i5 on t using brin (a) with (pages_per_range = 16, autosummarize = on);
create index i6 on t using gist (f range_ops, g inet_ops) with (buffering = off);
