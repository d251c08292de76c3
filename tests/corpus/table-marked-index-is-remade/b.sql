create table t (id int primary key, k bigint not null, l int);
create unique index t_k on t (k) include (l);
create index t_l on t (l desc);
alter table t replica identity using index t_k;
alter table t cluster on t_l;
comment on index t_k is 'once';
