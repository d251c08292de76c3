insert into t values ('one', 5, now());
