create table a (id int primary key, k int);
create index a_k on a (k);
alter table a cluster on a_pkey;
create table b (id int primary key, k int);
create index b_k on b (k);
alter table b cluster on b_k;
