create domain positive as int check (value > 0);
create type label as enum ('1', '2');
create type span as range (subtype = bigint);
create function of_label(label) returns int language sql immutable as 'select $1::text::int';
create cast (label as int) with function of_label(label);
create cast (span as text) with inout as assignment;
create cast (label[] as text) with inout as implicit;
create table t (a int);
create cast (t as text) with inout;
