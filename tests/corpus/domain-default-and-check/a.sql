create domain posint as int default 1 check (value > 0);
create domain gone as text;
