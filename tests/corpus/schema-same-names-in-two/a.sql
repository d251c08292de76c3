create schema one;
create schema two;
create table one.t (id int primary key);
create table two.t (id int primary key, one_id int);
