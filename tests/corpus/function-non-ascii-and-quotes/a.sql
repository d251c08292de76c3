create table "Größe" ("ä" int, "日本" text);
create function "größer"("ü" int) returns text language sql as $f$ select '€ "x" $$' || "ü" $f$;
create view "日" as select "ä", 'ß'::text as "s" from "Größe";
comment on view "日" is '☕';
