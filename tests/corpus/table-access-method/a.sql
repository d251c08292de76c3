-- postgresql >= 15
create access method other type table handler heap_tableam_handler;
create table a (id int);
create table b (id int) using other;
