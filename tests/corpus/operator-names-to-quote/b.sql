create schema "S 1";
create type "S 1"."T" as (a int);
create function "S 1"."F"(a "S 1"."T", b text) returns boolean immutable language sql as 'select true';
create function "S 1"."G"(a "char", b timestamptz) returns boolean immutable language sql as 'select true';
create operator "S 1".<-> (function = "S 1"."G", leftarg = "char", rightarg = timestamptz);
create operator "S 1".% (function = "S 1"."F", leftarg = "S 1"."T", rightarg = text);
