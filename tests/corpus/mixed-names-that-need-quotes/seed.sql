insert into "S.s"."T t" values (1, 'a''b', 'z');
