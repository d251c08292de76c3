create schema s;
create procedure gone(a int) language plpgsql as $$begin end$$;
create procedure altered(a int, b int default 1) language plpgsql as $$begin end$$;
create procedure renamed(a int) language plpgsql as $$begin end$$;
