create schema "Odd";
create default conversion "Odd"."C c" for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create conversion altered for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
comment on conversion altered is 'turned round';
alter conversion altered owner to corpus_owner;
