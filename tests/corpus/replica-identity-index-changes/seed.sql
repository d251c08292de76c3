insert into t values (1, 1, 1), (2, 2, 2);
insert into u values (1, 1);
insert into v values (1);
