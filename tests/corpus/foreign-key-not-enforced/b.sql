create table p (id int primary key);
create table c (a int constraint f1 references p not enforced, b int constraint f2 references p, c int constraint f3 references p not enforced);
