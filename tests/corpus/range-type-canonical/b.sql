create type whole;
create function whole_canonical(whole) returns whole language internal immutable strict as 'int4range_canonical';
create type whole as range (subtype = int, canonical = whole_canonical);
create table t (w whole);
create function low(whole) returns int language sql as 'select lower($1)';
