create table t (a int, b int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger one before update of a on t for each row when (old.a is distinct from new.a) execute function f();
create trigger two after insert on t for each statement execute function f();
alter table t disable trigger two;
create constraint trigger three after insert on t deferrable for each row execute function f();
