create table p (a int, b int generated always as (a * 2) stored);
create table c (a int, b int generated always as (a * 2) stored);
alter table c inherit p;
create table d (b int generated always as (a * 2) stored, a int);
alter table d inherit p;
