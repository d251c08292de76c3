create table t (a int, b text);
create index i on t (a);
create index gone on t (b);
