create schema "S 1";
create function begin(internal, int) returns internal language internal as 'prsd_start';
create text search parser one (
  start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, headline = prsd_headline, lextypes = prsd_lextype);
create text search parser "S 1"."New" (
  start = begin, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search configuration c (parser = one);
