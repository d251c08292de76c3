-- postgresql >= 14
create schema s;
