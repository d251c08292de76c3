create function in_int(internal) returns internal language internal stable strict as 'prsd_lextype';
create transform for int language sql (from sql with function in_int(internal));
create function f(a int) returns int language sql transform for type int as 'select a';
