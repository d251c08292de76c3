create table a (x int);
create table b (y int);
create table c (x int, z int);
create table d (x int, y int);
alter table d inherit a;
