create table t (a text[], b bigint[], c text[], d timestamp[]);
