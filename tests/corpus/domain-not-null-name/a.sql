-- postgresql >= 17
create domain renamed as int constraint here not null;
create domain added as int;
create domain own as int not null;
