create table t (a int, b int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger one before update on t for each row execute function f();
create trigger two after insert on t for each statement execute function f();
