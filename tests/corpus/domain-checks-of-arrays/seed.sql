insert into t values ('{one,two}');
