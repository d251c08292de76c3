create table unrelated (id int primary key);
create table a (id int primary key, b_id int not null);
create table b (id int primary key, a_id int not null references a);
create table c (id int primary key references b on delete cascade, a_id int references a);
alter table a add foreign key (b_id) references b deferrable;
alter table b add column c_id int references c;
