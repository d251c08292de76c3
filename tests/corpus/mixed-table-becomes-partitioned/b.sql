create table log (id int not null, at date not null, note text, primary key (id, at)) partition by range (at);
create table log_old partition of log for values from (minvalue) to ('2020-01-01');
create table log_new partition of log default;
create index log_at on log (at);
create view recent as select id, note from log;
