insert into t values ('{1,2}', '{3}', '{x,y}', '{2024-01-01}');
