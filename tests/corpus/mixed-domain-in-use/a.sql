create domain email as text check (value like '%@%');
create table t (id int primary key, e email not null unique, more email[]);
create view v as select e from t;
create function f(e email) returns text language sql as 'select e::text';
