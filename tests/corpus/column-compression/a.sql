-- postgresql >= 14
create table t (a text, b text compression pglz, c text);
