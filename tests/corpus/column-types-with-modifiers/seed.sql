insert into t (a, b, d, g) values ('{one,two}', '2020-01-01 10:11:12.345', 5, 'name');
