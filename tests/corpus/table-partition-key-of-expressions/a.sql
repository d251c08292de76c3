create table p (a int, b text, at timestamptz);
