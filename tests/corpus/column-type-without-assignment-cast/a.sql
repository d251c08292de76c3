create table t (a text, b text, c varchar, d text, e int, f text, g text);
