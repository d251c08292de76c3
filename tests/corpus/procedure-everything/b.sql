create schema s;
create procedure s."P p"(a int, inout "B b" text default 'x', variadic c int[] default '{}') language plpgsql
  security definer set search_path = s, pg_temp as $f$
begin
  "B b" := '$$';
end $f$;
create procedure altered(a int, b int default 2) language plpgsql set lock_timeout = '5s' as $$begin commit; end$$;
create procedure renamed(b int) language plpgsql as $$begin end$$;
create procedure nothing() language sql as '';
comment on procedure renamed(int) is 'here';
