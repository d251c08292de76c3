-- postgresql >= 14
create table t (id int, a int, b text);
create table u (id int, a int, c text);
create view v as select id, t.b, u.c from t join u using (id);
create view w as select * from t natural left join u;
create view x as select j.id from t join u using (id, a) as j;
