insert into p values (5, 1), (null, 1);
