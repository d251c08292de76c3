insert into kept (note) values ('a'), ('b');
alter table orders disable trigger orders_logged;
insert into orders (placed_at, level, amount, kept_id) values ('2019-01-01', 'low', 1, 1), ('2021-01-01', 'high', 200, 2), ('2022-01-01', null, null, null);
alter table orders enable trigger orders_logged;
select nextval('orders_id_seq'), nextval('orders_nr_seq');
