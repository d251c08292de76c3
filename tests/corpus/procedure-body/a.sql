create procedure p(a int) language plpgsql as $$
begin
  raise notice 'one';
end $$;
