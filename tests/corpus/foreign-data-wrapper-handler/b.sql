create extension file_fdw;
create foreign data wrapper mine handler file_fdw_handler validator file_fdw_validator;
