create table booking (room int4range, during daterange, who text,
  constraint booking_pk primary key (room, during without overlaps),
  constraint booking_once unique (room, during without overlaps));
create table visit (room int4range, during daterange,
  constraint visit_fk foreign key (room, period during) references booking (room, period during));
