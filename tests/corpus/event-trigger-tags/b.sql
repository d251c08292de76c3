create function e() returns event_trigger language plpgsql as 'begin end';
create event trigger ev on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function e();
alter event trigger ev disable;
