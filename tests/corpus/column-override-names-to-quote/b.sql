create table "P p" ("a b" int);
create table "C c" () inherits ("P p");
alter table "C c" alter "a b" set default 5, alter "a b" set not null;
