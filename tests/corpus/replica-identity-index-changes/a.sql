create table t (id int primary key, k int not null, o int not null);
create unique index t_k on t (k);
alter table t replica identity using index t_k;
create table u (id int, k int not null constraint u_k unique);
alter table u replica identity using index u_k;
create table v (id int not null constraint v_pkey primary key);
alter table v replica identity using index v_pkey;
