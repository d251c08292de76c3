-- postgresql >= 14
create table t (id int, name text);
create function one(a int) returns int language sql as 'select a';
