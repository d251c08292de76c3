create table log (id int not null, at date not null, note text, primary key (id, at));
create index log_at on log (at);
create view recent as select id, note from log;
