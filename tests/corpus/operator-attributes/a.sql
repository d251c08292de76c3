create function eq(a int, b int) returns boolean immutable language sql as 'select a = b';
create function ne(a int, b int) returns boolean immutable language sql as 'select a <> b';
create function neg(a int) returns int immutable language sql as 'select -a';
create operator === (function = eq, leftarg = int, rightarg = int, restrict = eqsel, join = eqjoinsel);
create operator !== (function = ne, leftarg = int, rightarg = int, restrict = neqsel);
create operator <<>> (function = ne, leftarg = int, rightarg = int, hashes);
create operator !! (function = neg, rightarg = int);
create view v as select a operator(!==) 2 as unequal, operator(!!) a as turned from (values (1)) x (a);
