create table cache (key text primary key, value text);
create unlogged table log (id int primary key);
