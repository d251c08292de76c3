create table t (a bigint, b text);
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger seen after delete on t referencing old table as added for each statement execute function f();
create trigger rows_seen after update on t referencing old table as "Old" new table as n for each row execute function f();
alter table t disable trigger rows_seen;
