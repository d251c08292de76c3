create table t (a int4range, b int4range, c int, constraint e1 exclude using gist (a with &&), constraint e2 exclude using gist (b with &&));
