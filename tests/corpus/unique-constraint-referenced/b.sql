create table t (a int unique deferrable, b text constraint "B once" unique);
alter table t drop constraint t_a_key;
alter table t add constraint t_a_key unique (a) include (b);
create table r (a int references t (a) match full, b text constraint r_b references t (b) on delete set default);
