-- postgresql >= 14
create table t (a int, b text);
create index i on t using brin (a);
