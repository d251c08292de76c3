create function cmp(a int, b int) returns int immutable language sql as 'select 0';
create function lt(a int, b int) returns boolean immutable language sql as 'select a < b';
create function gt(a int, b int) returns boolean immutable language sql as 'select a > b';
create operator <<< (function = lt, leftarg = int, rightarg = int, commutator = >>>, restrict = scalarltsel);
create operator >>> (function = gt, leftarg = int, rightarg = int);
create operator class c for type int using btree as operator 1 <<<, operator 5 >>>, function 1 cmp(int, int);
create table t (a int);
create index i on t (a c);
