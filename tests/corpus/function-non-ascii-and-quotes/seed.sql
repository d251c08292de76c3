insert into "Größe" values (1, 'x');
