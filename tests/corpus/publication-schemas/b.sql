-- postgresql >= 15
create schema one;
create schema two;
create schema "Three";
create table t (a int primary key, b int, c int);
create publication p for tables in schema two, "Three";
create publication q for table t (a, b) where (b > 0);
create publication r for table t, tables in schema one with (publish = '');
