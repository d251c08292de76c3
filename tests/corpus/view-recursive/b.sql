create table t (id int, parent int);
create recursive view tree (id, depth) as
  select id, 1 from t where parent is null
  union all
  select t.id, tree.depth + 1 from t join tree on t.parent = tree.id;
create view two as with x as (select 1 as a), y as materialized (select a from x) select * from y order by a limit 1;
