create foreign data wrapper plain;
create foreign data wrapper "Odd one" options (debug 'true', "Quoted" 'it''s', gone 'x');
create foreign data wrapper gone;
comment on foreign data wrapper plain is 'one';
