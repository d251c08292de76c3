create schema "My Schema";
create table "My Schema"."select" ("from" bigint, "ünïcode.dot" text, "it's ""quoted""" int);
create view "My Schema"."Order" as select "from" from "My Schema"."select";
