create table t (id int primary key, a varchar(9), b varchar(9), c bpchar, check (a in ('x', 'y')));
create domain d as varchar check (value in ('x', 'y'));
create view v as select id, case when a in ('x', 'y', 'z') then b end as b from t;
