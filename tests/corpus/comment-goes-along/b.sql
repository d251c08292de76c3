create table t (a bigint);
create view v as select a from t;
comment on view v is 'stays';
comment on column v.a is 'stays too';
create index i on t (a);
comment on index i is 'new';
create table two (a int, b int);
create statistics st on a, b from two;
comment on statistics st is 'stat';
