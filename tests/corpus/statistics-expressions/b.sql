create schema "S 1";
create table "S 1"."T" ("A" int, b text);
create function "S 1".twice(a int) returns int immutable language sql as 'select a * 2';
create statistics "S 1"."One" on ("A" + 2) from "S 1"."T";
create statistics public."Two" (mcv) on lower(b), "A" from "S 1"."T";
alter statistics public."Two" set statistics 1000;
