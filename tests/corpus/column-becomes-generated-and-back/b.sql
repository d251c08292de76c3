create table t (id int primary key, a int, b int default 5, c int generated always as (a + 1) stored, d int generated always as identity);
create view v as select id, b, c from t;
create index t_b on t (b);
