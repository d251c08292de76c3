create type state as enum ('on', 'off');
create domain positive as int check (value > 0);
create table t (a text, b int, c state, d positive);
