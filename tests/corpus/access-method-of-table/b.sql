create access method changed type index handler bthandler;
create access method added type table handler heap_tableam_handler;
create table t (a int) using added;
create materialized view m using added as select 1 as a;
comment on access method added is 'as heap';
