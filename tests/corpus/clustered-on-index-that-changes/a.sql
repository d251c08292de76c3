create table t (id int primary key, k int);
create index t_k on t (k);
alter table t cluster on t_k;
create table u (id int constraint u_pkey primary key);
alter table u cluster on u_pkey;
create table gone (id int primary key);
alter table gone cluster on gone_pkey;
