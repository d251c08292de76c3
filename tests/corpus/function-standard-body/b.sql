create table t (id int, name text);
create function one(a int) returns int language sql immutable return a + 1;
create function many(a int) returns setof t language sql begin atomic
  select * from t where id = one(a);
  select id, name from t where name <> ';';
end;
create procedure fill(a int, out b text) language sql begin atomic
  insert into t values (a, 'x') returning name;
end;
