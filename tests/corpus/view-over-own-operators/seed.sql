insert into t values ('(1,EUR)', '(1,EUR)');
