insert into t (a, e) values (1, 2);
