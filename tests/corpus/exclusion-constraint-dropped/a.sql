create table t (during tsrange, constraint apart exclude using gist (during with &&) where (not isempty(during)), constraint other exclude using gist (during range_ops with &&));
