create table t (a int, who text);
create policy one on t to corpus_reader using (who = current_user) with check (a > 0);
create policy two on t for insert with check (a > 0);
create policy three on t for select using (a = 1);
create policy four on t using (a = 1);
create policy five on t using (true);
