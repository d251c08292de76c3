create function "E"() returns event_trigger language plpgsql as 'begin end';
create event trigger "Gone" on sql_drop execute function "E"();
