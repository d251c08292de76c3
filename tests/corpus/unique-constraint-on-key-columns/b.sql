create table t (a int, b int, primary key (a, b), constraint t_again unique (a, b), constraint t_turned unique (b, a));
create unique index t_third on t (a, b);
create table u (a int, constraint u_only unique (a));
create table r (a int references u (a), x int, y int, foreign key (y, x) references t (b, a), foreign key (x, y) references t (a, b));
