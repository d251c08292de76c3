insert into t (a, d) values (1, 4), (2, 6);
