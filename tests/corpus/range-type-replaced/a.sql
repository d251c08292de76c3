create type span as range (subtype = int);
create table t (id int, s span);
create function low(s span) returns int language sql as 'select lower(s)';
create type same as range (subtype = float8);
create table s (id int, s same, "all" same[] default '{}');
