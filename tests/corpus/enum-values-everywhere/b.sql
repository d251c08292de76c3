create type mood as enum ('worst', 'bad', 'sad', 'so', 'it''s so', 'happy', 'glad', 'best');
create type empty as enum ('x', 'y');
create type reduced as enum ('a', 'c');
create table t (m mood default 'sad', r reduced);
