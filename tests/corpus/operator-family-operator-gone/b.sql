create function lt(a int, b bigint) returns boolean immutable language sql as 'select a < b';
create function cmp(a int, b bigint) returns int immutable language sql as 'select 0';
create function cmp2(a int, b bigint) returns int immutable language sql as 'select 1';
create operator family f using btree;
