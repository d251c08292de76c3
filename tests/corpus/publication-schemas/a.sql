-- postgresql >= 15
create schema one;
create schema two;
create table t (a int primary key, b int, c int);
create publication p for tables in schema one;
create publication q for table t (a, c);
