create table t ("A" int, "b c" int, "order" int, "d""e" int default 4);
