alter table orders add column shipped_at timestamptz;

create index orders_not_shipped on orders (id) where shipped_at is null;
