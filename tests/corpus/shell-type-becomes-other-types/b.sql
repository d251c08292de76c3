create type becomes_enum as enum ('one');
create table becomes_table (a int);
create type becomes_range as range (subtype = int);
create table t (a becomes_enum, b becomes_range, c becomes_table);
