create schema "Odd";
create function "Odd".diff(a timetz, b timetz) returns float8 language sql immutable as 'select 1.5::float8';
create type "Odd"."time range" as range (subtype = timetz, subtype_diff = "Odd".diff);
create type "Odd".texts as range (subtype = text, subtype_opclass = text_pattern_ops, collation = "C");
create type changed as range (subtype = text);
create table t (id int, r "Odd"."time range");
