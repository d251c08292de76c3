create type level as enum ('low', 'high');
create function logged() returns trigger language plpgsql as $$ begin raise 'no row comes here'; end $$;
create table kept (id int generated always as identity primary key, note text);
create table orders (
  id serial,
  nr bigint generated always as identity,
  placed_at date not null,
  level level default 'low',
  amount numeric(10, 2) check (amount >= 0),
  doubled numeric generated always as (amount * 2) stored,
  kept_id int references kept,
  primary key (id)
);
create index orders_level on orders (level);
create index orders_amount on orders (amount) where amount > 10;
create statistics orders_both on level, amount from orders;
alter table orders enable row level security;
alter table orders force row level security;
create policy own on orders for select to corpus_reader using (level = 'low');
create trigger orders_logged before insert on orders for each row execute function logged();
create view big as select id, amount from orders where amount > 100;
grant select, update (amount) on orders to corpus_reader;
comment on table orders is 'what is ordered';
comment on column orders.amount is 'net';
comment on index orders_level is 'by level';
create table lines (order_id int, text text);
create view orders_and_lines as select o.id, l.text from orders o join lines l on l.order_id = o.id;
