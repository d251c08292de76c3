create schema lookup;
create schema app;
create domain lookup.code as text;
create table app.t (code lookup.code);
