insert into p values (1, 'a', '2019-01-01'), (2, 'L', '2019-02-02');
