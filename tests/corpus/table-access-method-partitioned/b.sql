create access method other type table handler heap_tableam_handler;
create table p (id int) partition by list (id) using other;
create table p1 partition of p for values in (1);
