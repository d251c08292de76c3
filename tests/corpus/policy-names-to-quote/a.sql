create schema "S 1";
create table "S 1"."T" ("A" int, b int);
create function "S 1"."May"(a int) returns boolean language sql as 'select true';
alter table "S 1"."T" enable row level security;
create policy "Gone" on "S 1"."T" for delete to public using ("S 1"."May"("A"));
create policy "Typed" on "S 1"."T" using (b > 0);
