create table a (id int, k int not null, tenant int not null, primary key (tenant, id), unique (id));
create table b (a_id int references a (id) on delete cascade, constraint own check (a_id > 0));
create table c (a_id int, constraint c_fk foreign key (a_id) references a (id) on update set null not valid);
