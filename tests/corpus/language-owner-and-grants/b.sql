create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create trusted language one handler call;
alter language one owner to corpus_owner;
revoke usage on language one from public;
grant usage on language one to corpus_reader with grant option;
comment on language one is 'ours';
create trusted language "Two t" handler call;
comment on language "Two t" is 'with a space';
