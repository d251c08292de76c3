create table a (id int primary key, k int not null);
create table b (a_id int references a on delete cascade, constraint own check (a_id > 0));
create table c (a_id int, constraint c_fk foreign key (a_id) references a (id) on update set null not valid);
