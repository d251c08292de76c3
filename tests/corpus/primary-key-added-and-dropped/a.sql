create table a (id int not null, k int);
create table b (id int primary key, k int);
