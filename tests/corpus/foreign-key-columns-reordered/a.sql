create table p (a int, b int, c int, primary key (a, b), unique (c, a));
create table t (x int, y int, z int,
  constraint one foreign key (x, y) references p (a, b),
  constraint two foreign key (z, x) references p (c, a) on update cascade);
