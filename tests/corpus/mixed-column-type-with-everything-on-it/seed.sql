insert into t values (1, 10), (2, 20);
insert into r values (10);
