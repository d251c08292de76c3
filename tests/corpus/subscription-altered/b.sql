-- postgresql >= 16
create subscription s connection 'dbname=' publication q, r
  with (connect = false, slot_name = 'other', streaming = parallel, disable_on_error = true, origin = none,
        run_as_owner = true, synchronous_commit = local, password_required = false);
alter subscription s owner to corpus_other;
