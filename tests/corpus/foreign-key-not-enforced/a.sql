-- postgresql >= 18
create table p (id int primary key);
create table c (a int constraint f1 references p, b int constraint f2 references p not enforced);
