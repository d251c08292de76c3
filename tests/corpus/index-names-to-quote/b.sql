create table "T t" ("a b" int, "C" text);
create index "I i" on "T t" ("a b", "C") where "C" <> 'x''y';
create index "select" on "T t" (lower("C"), ("a b" * 2));
create index an_index_whose_name_is_as_long_as_a_name_may_be_sixty_three_byt on "T t" ("C");
