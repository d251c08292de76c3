-- postgresql >= 15
create table logged (id int generated always as identity);
create unlogged table unlogged (id int generated always as identity (sequence name numbers));
create table usual (id int generated always as identity);
