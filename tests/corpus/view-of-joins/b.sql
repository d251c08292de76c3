-- postgresql >= 14
create table t (id int, a int, b text, d int default 1);
create table u (id int, a int, c text);
create view v as select id, t.b, u.c, u2.c as c2 from t full join u using (id) left join u as u2 using (id);
create view w as select * from t natural left join u;
create view x as select j.id, j.a from t join u using (id, a) as j;
