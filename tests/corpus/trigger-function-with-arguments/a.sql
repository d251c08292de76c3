create table t (a int, b text);
create function touch() returns trigger language plpgsql as 'begin return new; end';
create trigger one before insert or update of a, b on t for each row
  when (new.a > 0) execute function touch('x', 'it''s');
create trigger two after truncate on t execute function touch();
comment on trigger one on t is 'first';
