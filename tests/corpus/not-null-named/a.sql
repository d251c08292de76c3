-- postgresql >= 18
create table t (a int constraint a_there not null, b int, c int not null, "D d" int);
