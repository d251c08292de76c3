create table t (a int, b int);
alter table t add constraint t_a unique (a) include (b), add unique (b);
