create table t (a int, b text);
create index i on t using brin (a int4_minmax_multi_ops (values_per_range = 16), b text_bloom_ops (n_distinct_per_range = 100));
