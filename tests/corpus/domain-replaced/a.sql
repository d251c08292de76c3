create domain d as int;
create domain c as text;
create domain n as int not null default 5;
create table t (id int, d d, c c);
