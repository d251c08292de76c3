create type becomes_enum;
create type becomes_table;
create type becomes_range;
