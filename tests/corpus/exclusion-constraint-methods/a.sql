create table t (a int, b text, c point, constraint h exclude using hash (a with =));
