create type a_type_whose_name_is_as_long_as_a_name_may_be_sixty_three_bytes_ as enum ('a', 'b');
create table t (id int, s a_type_whose_name_is_as_long_as_a_name_may_be_sixty_three_bytes_);
create index an_index_whose_name_is_as_long_as_a_name_may_be_sixty_three_byt on t (id);
