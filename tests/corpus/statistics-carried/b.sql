create table t (a bigint, b int);
create statistics s (ndistinct, dependencies) on a, b from t;
alter statistics s set statistics 50;
