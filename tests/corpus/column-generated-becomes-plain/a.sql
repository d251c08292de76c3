create table t (id int primary key, a int, b int, c int generated always as (coalesce(a, b)) stored);
alter table t enable row level security;
