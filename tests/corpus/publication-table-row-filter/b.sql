-- postgresql >= 15
create table t (a int primary key, b int);
create publication p for table t (a) where (a > 10);
