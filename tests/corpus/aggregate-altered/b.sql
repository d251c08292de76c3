create function add(a int, b int) returns int language sql immutable as 'select a + b';
create aggregate plain(int) (sfunc = add, stype = int, sspace = 9, initcond = '0', parallel = restricted,
  combinefunc = add);
create aggregate moving(int) (sfunc = int4pl, stype = int);
create aggregate typed(int) (sfunc = int4_avg_accum, stype = _int8, initcond = '{0,0}', finalfunc = int8_avg);
create aggregate named(b int) (sfunc = int4pl, stype = int);
create aggregate other(float8 order by anyelement) (sfunc = ordered_set_transition, stype = internal,
  finalfunc = percentile_disc_final, finalfunc_extra, finalfunc_modify = shareable);
create view v as select plain(1) as p;
