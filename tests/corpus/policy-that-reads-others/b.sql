create table teams (id bigint primary key, name text);
create table members (team bigint references teams, who text, admin boolean not null default false);
create function is_admin(int) returns boolean stable security definer language sql
  as 'select exists (select from public.members where team = $1 and admin)';
create table docs (id int, team int);
alter table docs enable row level security;
create policy team on docs using (exists (select from members m where m.team = docs.team and m.who = current_user));
create policy admin on docs as restrictive for delete using (is_admin(team));
alter table members enable row level security;
create policy self on members using (exists (select from docs d where d.team = members.team) or who = current_user);
