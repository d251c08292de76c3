create table p (a int default 1, b int, c text, d int);
create table c () inherits (p);
