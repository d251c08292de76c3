insert into child values (1, 1, 1);
insert into p2 values (2, 2);
