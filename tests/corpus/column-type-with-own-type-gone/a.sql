create type old_state as enum ('a', 'b');
create table t (id int, s old_state not null default 'a');
