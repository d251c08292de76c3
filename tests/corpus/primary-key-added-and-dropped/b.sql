create table a (id int not null, k int, v int, constraint a_key primary key (id, k) include (v)) with (fillfactor = 90);
create table b (id int not null, k int);
