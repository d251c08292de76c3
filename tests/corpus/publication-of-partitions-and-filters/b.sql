-- postgresql >= 15
create table p (id int primary key, k int) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table t (a bigint primary key, b bigint, c text);
create publication pub for table t (a, b) where (b > 10 and a is not null), p1 with (publish = 'insert, delete', publish_via_partition_root);
