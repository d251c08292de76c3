create table t (id int primary key, b int);
create table u (a int);
create view v as select id from t;
