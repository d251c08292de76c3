insert into t values ('x', 1, 'y');
