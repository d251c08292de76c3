create function ok(x text) returns boolean immutable language sql as 'select length(x) > 1';
create table t (a text, constraint good check (ok(a)));
