create table t (a int, who text);
create policy p on t for all to corpus_reader using (who = current_user) with check (a > 0);
