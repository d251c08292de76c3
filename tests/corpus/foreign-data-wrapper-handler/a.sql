create extension file_fdw;
create foreign data wrapper mine;
