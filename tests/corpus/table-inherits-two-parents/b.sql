create table a (id int, note text default 'a');
create table b (id int, at date);
create table c (own int) inherits (a, b);
alter table c alter note set default 'c';
create table d (own int) inherits (c);
