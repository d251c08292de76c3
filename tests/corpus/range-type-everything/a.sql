create type changed as range (subtype = float8);
create table t (id int);
