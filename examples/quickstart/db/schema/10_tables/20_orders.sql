create type order_state as enum ('new', 'paid', 'shipped');

create table orders (
  id bigint generated always as identity primary key,
  user_id bigint not null references users,
  state order_state not null default 'new',
  total numeric(10, 2) not null check (total >= 0),
  shipped_at timestamptz
);

create index orders_user_id on orders (user_id);
create index orders_not_shipped on orders (id) where shipped_at is null;
