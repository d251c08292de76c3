create table t (a int, b text);
create function f() returns trigger language plpgsql as 'begin return null; end';
create trigger seen after insert on t referencing new table as added for each statement execute function f();
create trigger rows_seen after update on t referencing old table as o new table as n for each row execute function f();
