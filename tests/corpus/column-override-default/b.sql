create table p (a int default 1, b text);
create table c (own int) inherits (p);
alter table c alter a set default 2, alter b set not null;
