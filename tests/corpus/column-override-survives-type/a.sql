create table p (a int default 1, b int);
create table c (own int) inherits (p);
alter table c alter a set default 10, alter b set not null, alter b set statistics 5;
