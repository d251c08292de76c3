create schema s;
create type frange as range (subtype = float8);
create type other as range (subtype = float8, multirange_type_name = s."Others");
create type plain_range as range (subtype = float8);
create table t (m s."Others");
