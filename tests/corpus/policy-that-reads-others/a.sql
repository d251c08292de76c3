create table members (team int, who text);
create table docs (id int, team int);
alter table docs enable row level security;
create policy team on docs using (team in (select m.team from members m where m.who = current_user));
