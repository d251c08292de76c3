create table log (id int, at date not null, note text default 'x', check (id > 0)) partition by range (at);
create table log_1 partition of log for values from ('2024-01-01') to ('2025-01-01');
