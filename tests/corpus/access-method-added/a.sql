create access method gone type index handler bthandler;
create access method changed type index handler bthandler;
