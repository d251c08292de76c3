-- postgresql >= 15
create table t (a int primary key);
create function keep(int) returns boolean immutable language sql as 'select $1 > 1';
create publication p;
