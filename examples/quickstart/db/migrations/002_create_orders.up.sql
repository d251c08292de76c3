create type order_state as enum ('new', 'paid', 'shipped');

create table orders (
  id bigint generated always as identity primary key,
  user_id bigint not null references users,
  state order_state not null default 'new',
  total numeric(10, 2) not null check (total >= 0)
);
