-- postgresql >= 15
create table t (id int generated always as identity primary key, n serial, note text);
