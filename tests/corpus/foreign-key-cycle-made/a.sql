create table unrelated (id int primary key);
