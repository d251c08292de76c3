create table "T t" ("a b" int, "C" text);
create index "I i" on "T t" ("a b");
