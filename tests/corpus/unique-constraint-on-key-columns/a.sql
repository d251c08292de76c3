create table t (a int, b int, primary key (a, b));
create table u (a int primary key);
