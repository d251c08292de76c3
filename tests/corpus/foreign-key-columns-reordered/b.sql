create table p (a int, b int, c int, primary key (a, b), unique (c, a));
create table t (x int, y int, z int,
  constraint one foreign key (y, x) references p (a, b),
  constraint two foreign key (x, z) references p (a, c) on update cascade);
