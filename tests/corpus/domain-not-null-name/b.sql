create domain renamed as int constraint "There" not null;
create domain added as int constraint added_here not null;
create domain own as int constraint other not null;
