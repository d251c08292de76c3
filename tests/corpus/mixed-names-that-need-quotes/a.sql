create schema "S.s";
create type "S.s"."E ""e""" as enum ('a''b', 'c\d');
create domain "S.s"."D;d" as text check (value <> 'x''y');
create table "S.s"."T t" ("select" int primary key, "E" "S.s"."E ""e""" default 'a''b', "é" "S.s"."D;d");
create function "S.s"."F f"("P p" int) returns int language sql as 'select "P p"';
create view "S.s"."V-v" as select "select", "E" from "S.s"."T t";
