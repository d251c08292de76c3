create table t (a int, who text);
create policy p on t as restrictive for all to public using (who = current_user or a = 1);
