create type fr as range (subtype = float8, subtype_diff = float8mi);
create type tr as range (subtype = text, collation = "C");
