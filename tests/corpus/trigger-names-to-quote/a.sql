create schema "S 1";
create table "S 1"."T" ("A" int, b int);
create view "S 1"."V" as select 1 as a;
create function "S 1"."F"() returns trigger language plpgsql as 'begin return new; end';
create trigger "Gone" before insert on "S 1"."T" for each row execute function "S 1"."F"();
create trigger "Same" after update on "S 1"."T" referencing old table as "Old" new table as n
  for each statement execute function "S 1"."F"('one', 'it''s');
alter table "S 1"."T" enable always trigger "Same";
create trigger "On" instead of insert on "S 1"."V" for each row execute function "S 1"."F"();
