create domain d as text constraint one check (value <> '');
create table t (a d[]);
