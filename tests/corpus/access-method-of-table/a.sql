create access method changed type table handler heap_tableam_handler;
create access method gone type table handler heap_tableam_handler;
create table t (a int) using gone;
create materialized view m using gone as select 1 as a;
