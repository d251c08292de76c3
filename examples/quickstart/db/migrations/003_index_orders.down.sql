drop index orders_user_id;
