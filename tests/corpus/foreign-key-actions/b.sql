create table p (a int, b int, primary key (a, b));
create table c (x int, y int, foreign key (x, y) references p (a, b) on delete cascade deferrable);
alter table c add constraint swapped foreign key (y, x) references p not valid;
