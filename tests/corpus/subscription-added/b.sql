create subscription plain connection 'dbname=' publication p with (connect = false);
create subscription "Odd one" connection 'dbname=' publication "P 2", p1
  with (connect = false, slot_name = none, synchronous_commit = 'on');
comment on subscription plain is 'from afar';
