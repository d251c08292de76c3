create table t (id int primary key, a int, b int generated always as (a * 2) stored, c int default 7, d int);
create view v as select id, b, c from t;
create index t_b on t (b);
