-- postgresql >= 15
create sequence s;
create unlogged sequence back;
