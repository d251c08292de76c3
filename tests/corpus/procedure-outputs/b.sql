create procedure p(a int, out b text) language plpgsql as $$begin b := 1; end$$;
create procedure p(a int, b int) language plpgsql as $$begin end$$;
grant execute on procedure p(in int, in int) to corpus_reader;
