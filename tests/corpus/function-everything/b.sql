create schema "Odd";
create table t (id int, name text);
create function "Odd"."F f"(a int, "B b" text default 'it''s', variadic c numeric[] default '{}') returns setof t
  language sql stable strict leakproof security definer parallel restricted cost 7.5 rows 3
  set "my.setting" = 'a, b''c\d' set search_path = "Odd", public, "$user" set work_mem = '64MB'
  as 'select * from public.t where name = $2 and ''$$'' <> ''$body$''';
create function "Odd".rows() returns table (a int, "B b" text) language plpgsql as $f$
begin
  -- ends in dollars $
  return query select 1, 'x'::text; end $f$;
create function outs(in a int, inout b int, out c text) language sql as $$select b, 'c'::text$$;
create function nothing() returns void language sql set search_path = '' as '';
create function win() returns bigint language internal window immutable parallel safe as 'window_row_number';
create function series(int8, int8) returns setof int8 language internal immutable strict
  support generate_series_int8_support as 'generate_series_int8';
create function trap() returns trigger language plpgsql as $$begin return new; end$$;
create function any_of(a anyelement, b anyelement default null) returns anyelement language sql as 'select a';
create trigger tr before insert on t for each row execute function trap();
