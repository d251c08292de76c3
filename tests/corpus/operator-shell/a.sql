create function eq(a int, b int) returns boolean immutable language sql as 'select a = b';
create function ne(a int, b int) returns boolean immutable language sql as 'select a <> b';
create function neg(a int) returns int immutable language sql as 'select -a';
create operator === (function = eq, leftarg = int, rightarg = int, negator = !==);
create operator @@> (function = eq, leftarg = int, rightarg = int, commutator = <@@);
create operator <@@ (function = eq, leftarg = int, rightarg = int);
