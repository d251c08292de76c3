create table t (a int);
create table other (a int);
create function f() returns trigger language plpgsql as 'begin return new; end';
create constraint trigger one after insert on t deferrable for each row execute function f();
create constraint trigger two after insert or update on t from other deferrable initially deferred
  for each row when (new.a > 0) execute function f();
create trigger three before insert on t for each row execute function f();
alter trigger three on t depends on extension plpgsql;
create trigger four before insert on t for each row execute function f();
create trigger five before insert on t for each row execute function f();
