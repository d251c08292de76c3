create table t (id int);
create schema "Odd";
create function "Odd".add(a int, b int) returns int language sql immutable as 'select a + b';
create function "Odd".final(a int, b int) returns text language sql as 'select a::text';
create aggregate "Odd"."Sum it"("A a" int) (sfunc = "Odd".add, stype = int, sspace = 16, initcond = '0',
  combinefunc = int4pl, msfunc = int4pl, minvfunc = int4mi, mstype = int, msspace = 8, minitcond = '0',
  finalfunc = "Odd".final, finalfunc_extra, finalfunc_modify = read_write,
  mfinalfunc = "Odd".final, mfinalfunc_extra, mfinalfunc_modify = shareable, parallel = safe);
create aggregate biggest(int) (sfunc = int4larger, stype = int, sortop = operator(pg_catalog.>));
create aggregate averaged(int8) (sfunc = int8_avg_accum, stype = internal, finalfunc = numeric_poly_avg,
  combinefunc = int8_avg_combine, serialfunc = int8_avg_serialize, deserialfunc = int8_avg_deserialize,
  parallel = restricted);
create aggregate percentile(float8 order by anyelement) (sfunc = ordered_set_transition, stype = internal,
  finalfunc = percentile_disc_final, finalfunc_extra, finalfunc_modify = shareable);
create aggregate ranked(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi,
  stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical);
create function count_all(n int8, variadic items "any") returns int8 language internal immutable as 'int8inc_any';
create aggregate counted(variadic items "any") (sfunc = count_all, stype = int8, initcond = '0');
create view v as select biggest(id) as big, "Odd"."Sum it"(id) as sum from t;
revoke execute on function "Odd"."Sum it"(int) from public;
grant execute on function "Odd"."Sum it"(int) to corpus_reader;
grant execute on function percentile(float8, anyelement) to corpus_reader;
comment on aggregate ranked(variadic "any" order by variadic "any") is 'ranks';
alter aggregate counted(variadic "any") owner to corpus_owner;
