insert into p values (1, 'x'), (2, 'y');
