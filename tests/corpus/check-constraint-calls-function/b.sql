create function ok(x text, lower_bound int default 1) returns boolean immutable language sql as 'select length(x) > lower_bound';
create table t (a text, constraint good check (ok(a) or ok(a, 5)));
