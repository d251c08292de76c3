create table p (a int, b text collate "C", at timestamptz)
  partition by range (lower(b) collate "C" text_pattern_ops, (a % 10), at);
create table p1 partition of p
  for values from (minvalue, minvalue, minvalue) to ('m', 5, '2020-01-01 00:00:00+00');
