create schema s;
create type s.point_like;
create function s.point_like_in(cstring) returns s.point_like language internal immutable strict as 'point_in';
create function s.point_like_out(s.point_like) returns cstring language internal immutable strict as 'point_out';
create type s.point_like (input = s.point_like_in, output = s.point_like_out, like = point,
  element = float8, subscript = raw_array_subscript_handler);
