create unlogged table cache (key text primary key, value text);
create table log (id int primary key);
