create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create trusted language one handler call;
alter language one owner to corpus_other;
create language two handler call;
