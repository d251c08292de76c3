create table t (id int primary key, k int);
create index t_k on t (k desc);
alter table t cluster on t_k;
create table u (id bigint constraint u_pkey primary key);
alter table u cluster on u_pkey;
