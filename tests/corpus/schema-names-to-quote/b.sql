create schema "My Schema";
create schema "ünï.cödé";
create schema "a""b";
create table "My Schema"."select" ("from" int, "to""o" text);
create table "ünï.cödé"."x.y" (id int primary key);
create view "a""b"."View" as select "from" from "My Schema"."select";
