create table p (a int default 1, b text);
create table c (own int) inherits (p);
