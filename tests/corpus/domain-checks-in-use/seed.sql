insert into t values ('word', 'three');
