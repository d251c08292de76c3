create table p (a int default 1, b int, c text, d int);
create table c () inherits (p);
alter table c alter a set default 2, alter b set default 3, alter b set not null, alter c set storage external, alter d set statistics 7;
