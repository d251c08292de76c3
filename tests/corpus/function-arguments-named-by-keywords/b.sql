create table t (id int);
create function echoed("json" json, "Mixed Case" int default 3, out "json_value" int, variadic "merge_action" text[] default '{}')
  language sql as 'select 1';
create function listed("system_user" int) returns table ("json_table" json, plain int) language sql as 'select null::json, 1';
create procedure kept("json_object" int, inout "json_array" int) language sql as 'select 1';
create aggregate summed("json_query" int) (sfunc = int4pl, stype = int);
comment on function listed(int) is 'of keywords';
comment on aggregate summed(int) is 'of keywords';
grant execute on procedure kept(int, int) to corpus_reader;
