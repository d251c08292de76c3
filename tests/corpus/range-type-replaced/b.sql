create type span as range (subtype = bigint);
create table t (id int, s span);
create function low(s span) returns int language sql as 'select lower(s)::int';
create type same as range (subtype = float8, subtype_diff = float8mi);
create table s (id int, s same, "all" same[] default '{}');
