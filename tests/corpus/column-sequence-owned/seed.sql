select nextval('s1'), nextval('s1'), nextval('s2');
insert into t values (default, 5);
