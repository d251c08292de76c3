-- postgresql >= 18
create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (a int, b int not null, c int) server s;
