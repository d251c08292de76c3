create schema "My Schema";
create table "My Schema"."select" ("from" int);
