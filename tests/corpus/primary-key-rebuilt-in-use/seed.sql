insert into t values (1, 1, 1, 1), (2, 1, 2, 1); insert into u values (2, 1, 2)
