create schema s;
create function e() returns event_trigger language plpgsql as 'begin end';
create function s.e() returns event_trigger language plpgsql as 'begin end';
create function e(a int) returns int language sql as 'select 1';
create event trigger one on ddl_command_end execute function e();
create event trigger two on ddl_command_end execute function e();
alter event trigger two disable;
