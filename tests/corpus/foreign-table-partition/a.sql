create foreign data wrapper w;
create server s foreign data wrapper w;
create table p (k int, v text default 'p') partition by list (k);
create table parent (a int, b int default 1);
