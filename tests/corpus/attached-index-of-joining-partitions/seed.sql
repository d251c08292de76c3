insert into p values (1, 1);
insert into p2 values (2, 2);
