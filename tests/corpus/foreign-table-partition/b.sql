create extension file_fdw;
create server s foreign data wrapper file_fdw;
create table p (k int, v text default 'p') partition by list (k);
create foreign table p1 partition of p (v default 'p1' not null) for values in (1) server s options (filename '/dev/null', format 'csv');
alter foreign table p1 alter column k options (add force_null 'true'), alter column v set statistics 3;
create foreign table p2 partition of p default server s options (filename '/dev/null');
create table parent (a int, b int default 1);
create foreign table child (c int) inherits (parent) server s options (filename '/dev/null', format 'csv');
alter foreign table child alter b drop default, alter a options (force_not_null 'true');
