-- postgresql >= 14
create function convert(int, int, cstring, internal, int, bool) returns int
  language c strict as '$libdir/utf8_and_iso8859_1', 'utf8_to_iso8859_1';
create conversion c for 'UTF8' to 'LATIN1' from convert;
