create domain posint as int default 2 not null constraint posint_check check (value > 1);
