-- postgresql >= 18
create table p (a int constraint a_there not null no inherit, b int not null);
create table c (x int) inherits (p);
