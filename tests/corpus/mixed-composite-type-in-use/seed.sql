insert into t values (1, (1, 2), array[(3, 4)::pos]);
