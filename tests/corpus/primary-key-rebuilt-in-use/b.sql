create table t (a int, b int, c int, d int, constraint t_key primary key (a) include (d), constraint t_unique unique (b, c) include (d) with (fillfactor = 80));
comment on constraint t_key on t is 'kept';
create table u (a int references t, b int, c int, foreign key (b, c) references t (b, c));
create view v as select t.a, t.d from t group by t.a;
