create table t (id int primary key, k int not null, o int not null);
create unique index t_k on t (o, k);
alter table t replica identity using index t_k;
create table u (id int not null, k int not null constraint u_k unique);
create unique index u_id on u (id);
alter table u replica identity using index u_id;
create table v (id bigint not null constraint v_pkey primary key);
alter table v replica identity using index v_pkey;
