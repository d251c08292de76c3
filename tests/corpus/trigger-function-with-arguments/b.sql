create schema app;
create table t (a int, b text, at timestamptz default now());
create function app.touch() returns trigger language plpgsql as 'begin return new; end';
create trigger one before insert or update of b, at on t for each row
  when (new.a > 0 and new.at is not null) execute function app.touch('x', 'it''s');
create trigger two after truncate or delete on t execute function app.touch();
comment on trigger one on t is 'first';
