-- postgresql >= 17
create collation c (provider = builtin, locale = 'C');
