create table t (a int, b int, c int);
create statistics s (ndistinct, dependencies) on a, b from t;
alter statistics s set statistics 50;
create statistics lost on b, c from t;
create statistics zero on a, c from t;
alter statistics zero set statistics 0;
