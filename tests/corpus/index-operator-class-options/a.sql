create table t (a tsvector, b int);
create index i1 on t using gist (a);
create index i2 on t using brin (b int4_minmax_ops);
