-- postgresql >= 16
create subscription s connection 'dbname=' publication p, q
  with (connect = false, slot_name = 'slot', binary = true, streaming = on, password_required = false);
alter subscription s owner to corpus_owner;
