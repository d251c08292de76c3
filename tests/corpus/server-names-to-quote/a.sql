create foreign data wrapper w;
create server "Gone 1" foreign data wrapper w options ("Opt" 'it''s', "back\slash" 'a\b');
create server "Stays s" version '1' foreign data wrapper w options ("Opt" 'it''s');
