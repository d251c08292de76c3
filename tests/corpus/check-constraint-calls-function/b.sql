create function ok(x text, least int default 1) returns boolean immutable language sql as 'select length(x) > least';
create table t (a text, constraint good check (ok(a) or ok(a, 5)));
