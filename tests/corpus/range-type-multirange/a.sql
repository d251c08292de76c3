-- postgresql >= 14
create type frange as range (subtype = float8, multirange_type_name = many);
create type plain_range as range (subtype = float8);
