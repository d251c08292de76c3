create table t (a int not null, b int, constraint t_pkey primary key (a));
alter table t add constraint again unique (a);
alter table t add constraint b_once unique (b) include (a);
alter table t add constraint b_twice unique (b) include (a);
