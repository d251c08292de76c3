create unlogged table t (id int primary key, a text) with (fillfactor = 70, toast.autovacuum_enabled = off);
alter table t replica identity full;
alter table t cluster on t_pkey;
alter table t enable row level security;
alter table t force row level security;
