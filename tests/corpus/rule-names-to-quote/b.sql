create schema "S 1";
create table "S 1"."T" ("A" int, b int);
create view "S 1"."V" as select b, "A" from "S 1"."T";
create rule "New" as on insert to "S 1"."V" do instead
  insert into "S 1"."T" values (new."A", new.b) returning b, "A";
create rule "Always" as on insert to "S 1"."T" where new.b is null do instead nothing;
alter table "S 1"."T" enable always rule "Always";
