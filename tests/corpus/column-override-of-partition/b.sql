create table p (k int, a int default 1, b text) partition by list (k);
create table p1 partition of p for values in (1);
alter table p1 alter b set default 'b', alter b set (n_distinct = 4), alter k set not null;
