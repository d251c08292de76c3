create function handler(internal) returns index_am_handler language internal as 'gisthandler';
create access method "New 1" type table handler heap_tableam_handler;
create access method own type index handler handler;
create access method changed type index handler hashhandler;
create operator class c for type int using own as storage int;
create table t (a int) using "New 1";
