create type a_type_whose_name_is_as_long_as_a_name_may_be_sixty_three_bytes_ as enum ('b', 'a');
create table t (id int, s a_type_whose_name_is_as_long_as_a_name_may_be_sixty_three_bytes_,
  constraint a_constraint_whose_name_is_as_long_as_a_name_may_be_63_bytes_xx check (id > 0));
create index an_index_whose_name_is_as_long_as_a_name_may_be_sixty_three_byt on t (id desc);
