create type whole as range (subtype = int);
