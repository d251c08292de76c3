create foreign data wrapper w;
create server s foreign data wrapper w;
create table p (k int, v text default 'p') partition by list (k);
create foreign table p1 partition of p (v default 'p1' not null) for values in (1) server s options (remote 'p1');
alter foreign table p1 alter column k options (add column_name 'key'), alter column v set statistics 3;
create foreign table p2 partition of p default server s;
create table parent (a int, b int default 1);
create foreign table child (c int) inherits (parent) server s;
alter foreign table child alter b drop default, alter a options (x 'y');
