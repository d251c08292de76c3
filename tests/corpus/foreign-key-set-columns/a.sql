-- postgresql >= 15
create table p (a int, b int, primary key (a, b));
create table c (x int, y int, foreign key (x, y) references p on delete set null);
