insert into t (id, a, d) values (1, 10, 1), (2, 20, 2);
