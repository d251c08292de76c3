create function log_change() returns trigger language plpgsql as 'begin return new; end';
create table t (a int, b int);
create trigger trg before insert or update of a on t for each row when (new.a > 0) execute function log_change();
alter table t disable trigger trg;
