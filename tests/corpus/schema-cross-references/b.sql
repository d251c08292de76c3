create schema lookup;
create schema app;
create domain lookup.code as text check (value <> '');
create type lookup.state as enum ('on', 'off');
create function lookup.fresh() returns lookup.state language sql as $$select 'on'::lookup.state$$;
create table app.t (code lookup.code, state lookup.state default lookup.fresh());
