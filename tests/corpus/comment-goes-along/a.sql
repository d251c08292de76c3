create table t (a int);
comment on table t is 'goes';
create view v as select a from t;
comment on view v is 'stays';
comment on column v.a is 'stays too';
