create table "P p" ("a b" int);
create table "C c" () inherits ("P p");
