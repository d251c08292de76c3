create table p (a int, b int, primary key (a, b));
create table c (x int, y int, constraint f1 foreign key (x, y) references p match full, constraint f2 foreign key (x, y) references p deferrable initially deferred, constraint f3 foreign key (x, y) references p);
