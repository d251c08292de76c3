create function "E"() returns event_trigger language plpgsql as 'begin end';
create event trigger "New" on ddl_command_start when tag in ('ALTER TABLE', 'CREATE VIEW') execute function "E"();
alter event trigger "New" enable always;
create event trigger rewritten on table_rewrite execute function "E"();
alter event trigger rewritten enable replica;
