-- postgresql >= 14
create schema "S 1";
create table "S 1"."T" ("A" int, b text);
create statistics "S 1"."One" on ("A" + 1) from "S 1"."T";
