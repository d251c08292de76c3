drop index orders_not_shipped;

alter table orders drop column shipped_at;
