select nextval('s') from generate_series(1, 40);
insert into t (n) values (1), (2);
select nextval('typed');
