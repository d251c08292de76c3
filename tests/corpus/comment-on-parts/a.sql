create table t (id int generated always as identity primary key, v int unique);
create type pair as (a int, b int);
create table parted (a int primary key) partition by list (a);
create table part partition of parted for values in (1);
create index parted_a on parted (a);
create sequence s;
create domain d as int constraint pos check (value > 0);
