insert into t values (1, 2.2, 'four', '2024-01-01 00:00:00.5+00', 'abc', '1 day');
