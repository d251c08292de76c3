create schema "S 1";
create table "S 1"."T" ("A" int);
create view "S 1"."V" as select "A" from "S 1"."T";
create rule "Gone" as on delete to "S 1"."V" do instead delete from "S 1"."T" where "A" = old."A";
