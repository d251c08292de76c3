create table log (id int, at date not null, note text default 'x', check (id > 0)) partition by range (at);
create table log_1 (note text default 'x', at date not null, id int, constraint log_id_check check (id > 0));
alter table log attach partition log_1 for values from ('2024-01-01') to ('2025-01-01');
create table log_2 partition of log for values from ('2025-01-01') to ('2027-01-01');
create table log_d partition of log default;
create index on log (id);
