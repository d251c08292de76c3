create schema "S 1";
create table "S 1"."T" ("A" int, b bigint);
create function "S 1"."May"(a int) returns boolean language sql as 'select true';
alter table "S 1"."T" enable row level security;
create policy "New" on "S 1"."T" as restrictive for insert to corpus_reader, public
  with check ("S 1"."May"("A"));
create policy "Nothing said" on "S 1"."T";
create policy "Typed" on "S 1"."T" using (b > 0);
