create table p (a int constraint a_there not null, b int constraint p_b_not_null not null no inherit);
create table c (x int) inherits (p);
create table k (id int primary key, constraint own not null id);
