insert into c (field) values ('(1,1)');
