create function consistent(internal, box, smallint, oid, internal) returns boolean
  language internal immutable as 'gist_box_consistent';
create operator class arrays for type int[] using gin as operator 1 && (anyarray, anyarray),
  operator 2 @> (anyarray, anyarray), function 1 btint4cmp(int, int), function 2 ginarrayextract(anyarray, internal, internal),
  function 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal),
  function 4 ginarrayconsistent(internal, smallint, anyarray, int, internal, internal, internal, internal), storage int;
create operator class boxes for type box using gist as operator 1 <<, operator 15 <-> (box, point) for order by float_ops,
  function 1 consistent(internal, box, smallint, oid, internal), function 2 gist_box_union(internal, internal),
  function 5 gist_box_penalty(internal, internal, internal), function 6 gist_box_picksplit(internal, internal),
  function 7 gist_box_same(box, box, internal), function 8 (box, box) gist_box_distance(internal, box, smallint, oid, internal);
create table t (a int[], b box);
create index on t using gin (a arrays);
create index on t using gist (b boxes);
