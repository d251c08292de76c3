create function watch() returns event_trigger language plpgsql as $$ begin raise notice 'new %', tg_tag; end $$;
create event trigger watches on ddl_command_end execute function watch();
create event trigger drops on sql_drop when tag in ('DROP TABLE', 'ALTER TABLE') execute function watch();
alter event trigger drops enable always;
create table t (a bigint, b int);
