create table t (id int, note text) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
create table u (id int, note text)
  with (parallel_workers = 4, toast_tuple_target = 4096, toast.autovacuum_vacuum_threshold = 100);
create table w (id int, note text);
