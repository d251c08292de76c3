create table t (b text, a int);
comment on table t is 'so that the sides differ';
