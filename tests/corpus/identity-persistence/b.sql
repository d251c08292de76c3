-- postgresql >= 15
create table logged (id int generated always as identity);
alter sequence logged_id_seq set unlogged;
create unlogged table unlogged (id int generated always as identity (sequence name numbers));
alter sequence numbers set logged;
create unlogged table usual (id int generated always as identity);
