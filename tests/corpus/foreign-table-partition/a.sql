create extension file_fdw;
create server s foreign data wrapper file_fdw;
create table p (k int, v text default 'p') partition by list (k);
create table parent (a int, b int default 1);
