create foreign data wrapper plain validator postgresql_fdw_validator;
create foreign data wrapper "Odd one" options (debug 'false', "Quoted" 'it''s', more 'back\slash');
create foreign data wrapper added no handler options (a 'b');
comment on foreign data wrapper plain is 'two';
grant usage on foreign data wrapper added to corpus_reader;
