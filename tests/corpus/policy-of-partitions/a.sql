create table p (k int, who text) partition by list (k);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2);
alter table p enable row level security;
alter table p1 enable row level security;
create policy mine on p using (who = current_user);
create policy own on p1 using (who = current_user and k = 1);
