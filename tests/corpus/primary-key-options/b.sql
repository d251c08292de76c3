create table a (id int, k int, constraint a_pk primary key (id) include (k) with (fillfactor = 50));
create table b (id int primary key deferrable initially deferred);
create table c (id int, k int, primary key (k, id));
create table d (id int primary key deferrable);
