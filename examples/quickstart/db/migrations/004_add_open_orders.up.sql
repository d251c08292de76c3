create view open_orders as
  select o.id, u.email, o.total
  from orders o join users u on u.id = o.user_id
  where o.state = 'new';
