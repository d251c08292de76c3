insert into t values ('abc');
