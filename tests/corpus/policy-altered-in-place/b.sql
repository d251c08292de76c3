create table t (a int, who text);
create policy one on t to corpus_owner, corpus_reader using (who = session_user) with check (a > 1);
create policy two on t for insert to corpus_other with check (a > 0);
create policy three on t for select using (a in (1, 2));
create policy four on t using (a = 1) with check (a = 2);
create policy five on t for update using (true);
