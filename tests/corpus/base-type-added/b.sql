create schema s;
create type s.word;
create function s.word_in(cstring) returns s.word language internal immutable strict as 'textin';
create function s.word_out(s.word) returns cstring language internal immutable strict as 'textout';
create function s.word_recv(internal) returns s.word language internal stable strict as 'textrecv';
create function s.word_send(s.word) returns bytea language internal stable strict as 'textsend';
create type s.word (input = s.word_in, output = s.word_out, receive = s.word_recv, send = s.word_send,
  internallength = variable, alignment = int4, storage = extended, category = 'S', preferred = true,
  default = 'it''s', delimiter = ';', collatable = true);
create type s."Odd ""n""";
create function s."in"(cstring) returns s."Odd ""n""" language internal immutable strict as 'int8in';
create function s."out"(s."Odd ""n""") returns cstring language internal immutable strict as 'int8out';
create type s."Odd ""n""" (input = s."in", output = s."out", internallength = 8, passedbyvalue, alignment = double,
  typmod_in = varchartypmodin, typmod_out = varchartypmodout, analyze = ts_typanalyze);
create function s.length(s.word) returns int language internal immutable strict as 'textlen';
create domain s.d as s.word;
create table s.t (w s.word, ws s.word[], o s."Odd ""n"""(3));
create view s.v as select s.length(w) as l from s.t;
comment on type s.word is 'a word';
comment on function s.word_in(cstring) is 'reads one';
grant usage on type s.word to corpus_reader;
alter type s.word owner to corpus_owner;
alter function s.word_in(cstring) owner to corpus_owner;
revoke execute on function s.word_out(s.word) from public;
