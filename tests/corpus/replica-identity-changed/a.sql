create table a (id int primary key, k int not null);
create unique index a_k on a (k);
create table b (id int primary key);
alter table b replica identity nothing;
create table c (id int primary key);
alter table c replica identity full;
create table d (id int primary key, k int not null unique);
