create function watch() returns event_trigger language plpgsql as $$ begin raise notice '%', tg_tag; end $$;
create event trigger watches on ddl_command_end execute function watch();
create table t (a int);
