create access method other type table handler heap_tableam_handler;
create table a (id int) using other;
create table b (id int);
create table c (id int) using other;
