create table t (id int, note text) with (fillfactor = 90, autovacuum_enabled = off);
create table u (id int, note text);
create table w (id int, note text) with (toast.autovacuum_enabled = off);
