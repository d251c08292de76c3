insert into t values (default, default), (default, default);
