create table t (a int unique, b text constraint "B once" unique);
create table r (a int references t (a), b text constraint r_b references t (b));
