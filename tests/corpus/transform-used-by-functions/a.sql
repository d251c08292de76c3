-- postgresql >= 18
create function in_int(internal) returns internal language internal stable strict as 'int4send';
create function f(a int) returns int language sql as 'select a';
