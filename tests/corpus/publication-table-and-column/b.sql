-- postgresql >= 15
create table t (a int primary key, "B" int);
create table "New" (a int primary key, b int);
create publication p for table t ("B", a), "New" where (b > 1);
