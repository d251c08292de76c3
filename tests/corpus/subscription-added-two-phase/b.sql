-- postgresql >= 17
create subscription s connection 'dbname=' publication p
  with (connect = false, two_phase = true, failover = true, streaming = off, password_required = false);
