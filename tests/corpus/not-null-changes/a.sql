create table t (a int, b int not null, c int, d int not null, e int);
