insert into p values ('a', 1), ('b', 2);
