insert into t values ('on', 1, 'off', 2);
