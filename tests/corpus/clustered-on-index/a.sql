create table a (id int primary key, k int);
create index a_k on a (k);
alter table a cluster on a_k;
create table b (id int primary key);
