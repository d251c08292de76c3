create table t (id int primary key, k int not null, l int);
create unique index t_k on t (k);
create index t_l on t (l);
alter table t replica identity using index t_k;
alter table t cluster on t_l;
comment on index t_k is 'once';
