create table t (id int primary key, a int not null unique, b int check (b > a), c int generated always as (a + 1) stored);
create index t_a_b on t (a, b);
create table u (a int references t (a));
create view v as select id, a from t;
create policy p on t using (a > 0);
