create table p (a int, b int generated always as (a * 2) stored);
create table c (a int, b int generated always as (a * 2) stored);
