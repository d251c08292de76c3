create schema "Odd";
create type "Odd".inner as (a int, "B b" varchar(7) collate "C", c numeric(4, 1)[]);
create type "Odd"."Outer ""one""" as (i "Odd".inner, more "Odd".inner[]);
create type "Odd".nothing as ();
create table t (id int, o "Odd"."Outer ""one""");
create table typed of "Odd".inner;
create function first(o "Odd"."Outer ""one""") returns "Odd".inner language sql as 'select (o).i';
comment on type "Odd".inner is 'inside';
