create domain d as bigint;
create domain c as text collate "C" default 'x';
create domain n as int;
create table t (id int, d d, c c);
