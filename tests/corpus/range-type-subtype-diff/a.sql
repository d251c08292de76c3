create type fr as range (subtype = float8);
