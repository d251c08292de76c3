create table t (a int4range, b int4range, c int, constraint e1 exclude using gist (a with &&, b with =) where (c > 0), constraint e2 exclude using gist (b with &&) deferrable initially deferred);
comment on constraint e1 on t is 'apart';
