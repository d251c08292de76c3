create table t (a int, b int, c int);
alter table t add constraint a_there not null a not valid;
alter table t add constraint t_b_not_null not null b not valid;
alter table t add constraint c_there not null c;
