create schema s;
create collation s.custom (provider = icu, locale = 'und', rules = '& V << w <<< W & ''a'' < b');
