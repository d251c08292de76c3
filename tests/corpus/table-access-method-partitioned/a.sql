-- postgresql >= 17
create access method other type table handler heap_tableam_handler;
create table p (id int) partition by list (id);
