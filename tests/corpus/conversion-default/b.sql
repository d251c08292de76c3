create schema one;
create schema "Two";
create default conversion one.c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create conversion one.d for 'LATIN2' to 'UTF8' from iso8859_to_utf8;
create conversion "Two".moves for 'WIN1250' to 'UTF8' from win_to_utf8;
alter conversion one.d owner to corpus_other;
