-- postgresql >= 15
create table p (id int primary key, k int) partition by range (id);
create table p1 partition of p for values from (0) to (10);
create table t (a int primary key, b int, c text);
create publication pub for table t where (b > 0), p with (publish = 'insert');
