insert into t values (default, default), (default, default);
insert into u (b) values (1), (2), (3);
