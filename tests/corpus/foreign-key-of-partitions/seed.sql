insert into o values (1);
