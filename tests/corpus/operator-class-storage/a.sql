create function consistent(internal, box, smallint, oid, internal) returns boolean
  language internal immutable as 'gist_box_consistent';
