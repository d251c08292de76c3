create function eq(a int, b int) returns boolean immutable language sql as 'select a = b';
create function ne(a int, b int) returns boolean immutable language sql as 'select a <> b';
create function neg(a int) returns int immutable language sql as 'select -a';
create operator === (function = eq, leftarg = int, rightarg = int, restrict = neqsel, merges, hashes);
create operator !== (function = ne, leftarg = int, rightarg = int, restrict = neqsel, join = neqjoinsel);
create operator <<>> (function = eq, leftarg = int, rightarg = int);
create operator !! (function = pg_catalog.int4up, rightarg = int);
create view v as select a operator(!==) 2 as unequal, operator(!!) a as turned from (values (1)) x (a);
