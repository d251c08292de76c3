create table a (id int, k int, constraint a_pk primary key (id));
create table b (id int primary key deferrable);
create table c (id int, k int, primary key (id, k));
create table d (id int primary key);
