-- postgresql >= 15
create unlogged sequence s;
create sequence back;
create unlogged sequence added;
