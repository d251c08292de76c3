create schema one;
create conversion one.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create default conversion one.d for 'LATIN2' to 'UTF8' from iso8859_to_utf8;
create conversion moves for 'WIN1250' to 'UTF8' from win_to_utf8;
