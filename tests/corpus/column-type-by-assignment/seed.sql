insert into t values (1, 2, 'three', '2024-01-01', 'abc', 1.5, '101', '2024-01-01 12:00', 1.5);
insert into t default values;
