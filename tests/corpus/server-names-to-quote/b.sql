create foreign data wrapper w;
create server "it's" type 'x''y' version E'\\1' foreign data wrapper w options ("Opt" E'two\nlines');
create server "Stays s" version 'v''2' foreign data wrapper w options ("Opt" 'it''s', "select" '1');
comment on server "it's" is 'quoted';
