-- postgresql >= 18
create publication p;
