insert into p values (1, 1, 1, 'x'), (2, 1, 2, 'y');
