create table t (a int[], b int[], c text, d date[]);
