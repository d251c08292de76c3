-- postgresql >= 14
create function lt(a int, b bigint) returns boolean immutable language sql as 'select a < b';
create function cmp(a int, b bigint) returns int immutable language sql as 'select 0';
create function cmp2(a int, b bigint) returns int immutable language sql as 'select 1';
create operator <<< (function = lt, leftarg = int, rightarg = bigint);
create operator class c for type int using btree as
  operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(int, int);
create table t (a int);
create index on t (a c);
