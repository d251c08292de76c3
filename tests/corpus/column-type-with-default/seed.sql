insert into t values (3, '4', 'off', 'y', 5);
insert into t default values;
