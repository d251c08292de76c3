create function lt(a int, b bigint) returns boolean immutable language sql as 'select a < b';
create function cmp(a int, b bigint) returns int immutable language sql as 'select 0';
create function cmp2(a int, b bigint) returns int immutable language sql as 'select 1';
create operator <<< (function = lt, leftarg = int, rightarg = bigint);
create schema "S 1";
create operator family f using btree;
alter operator family f using btree add operator 5 <<< (int, bigint), function 1 (int, bigint) cmp2(int, bigint),
  operator 3 = (bigint, bigint), operator 1 < (int, int);
create operator family "S 1"."F" using btree;
alter operator family "S 1"."F" using btree add operator 1 <<< (int, bigint);
create operator family orders using gist;
alter operator family orders using gist add operator 15 <-> (point, point) for order by float_ops,
  operator 16 <-> (box, point) for order by "S 1"."F";
