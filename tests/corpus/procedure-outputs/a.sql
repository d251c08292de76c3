-- postgresql >= 14
create procedure p(a int, out b int) language plpgsql as $$begin b := 1; end$$;
