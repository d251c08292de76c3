create type mood as enum ('sad', 'happy');
create type empty as enum ();
create type reduced as enum ('a', 'b', 'c');
create table t (m mood default 'sad', r reduced);
