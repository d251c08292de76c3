create domain positive as int check (value > 0);
create type label as enum ('1', '2');
create type span as range (subtype = int);
create cast (label as positive) with inout;
create cast (span as text) with inout as assignment;
create cast (label[] as text) with inout;
