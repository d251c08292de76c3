create foreign data wrapper w;
create server s foreign data wrapper w;
create server s2 foreign data wrapper w;
create foreign table t (a int, b text options (x '1', gone 'y'), c int default 1) server s options (one '1', two '2');
create foreign table retyped (a int, b int) server s;
create view of_retyped as select a from retyped;
create foreign table moved (a int) server s;
create foreign table stricter (a int) server s;
comment on column retyped.a is 'kept';
