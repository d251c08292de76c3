create table "Größe" ("ä" bigint default 7, "日本" text default '日本語', "😀" int);
create function "größer"("ü" int) returns text language plpgsql as $f$ begin return '€ $body$ "x" $$ \n' || "ü"; end $f$;
create view "日" as select "ä", 'ß€'::text as "s", "😀" from "Größe";
create index "größe_ä" on "Größe" ("ä") where "日本" = '語';
comment on view "日" is '☕☕';
comment on function "größer"(int) is 'ü''s';
