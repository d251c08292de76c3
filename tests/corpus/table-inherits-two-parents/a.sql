create table a (id int, note text default 'a');
create table b (id int, at date);
