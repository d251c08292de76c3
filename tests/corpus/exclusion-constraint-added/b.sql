create table t (a int4range, exclude using gist (a with &&));
