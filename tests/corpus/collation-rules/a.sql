-- postgresql >= 16
create schema s;
