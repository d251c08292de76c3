create table a (id int constraint a_old primary key);
create table b (a_id int references a);
