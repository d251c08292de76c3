create table a (id int primary key, k int not null);
create unique index a_k on a (k);
alter table a replica identity using index a_k;
create table b (id int primary key);
create table c (id int primary key);
alter table c replica identity nothing;
create table d (id int primary key, k int not null unique);
alter table d replica identity using index d_k_key;
