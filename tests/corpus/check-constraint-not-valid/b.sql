create table t (a int);
alter table t add constraint pos check (a in (1, 2, 3)) not valid;
create domain d as int;
alter domain d add constraint d_check check (value > 0) not valid;
