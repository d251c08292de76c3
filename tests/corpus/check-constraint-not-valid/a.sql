create table t (a int constraint pos check (a in (1, 2, 3)), constraint gone check (true));
create domain d as int constraint d_check check (value > 0);
