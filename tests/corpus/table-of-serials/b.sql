create table t (a smallserial, b bigserial, c serial);
