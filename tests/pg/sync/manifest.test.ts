import { expect, test } from "vitest";
import { sync } from "../../../src/sync/sync.ts";
import { syncPair } from "../../support/sync.ts";

const SCHEMA = `
  create table many (id int primary key, enough int, few int, plain int, fixed text, own text, gone text, doc jsonb);
  create table small (name text, code char(5), tags text[], nick text)`;

/** Three of 300 values that a bucket of 10 leaves, and two. */
const ROWS = `
  insert into many select i, i * 10 + (i > 3)::int, i * 10 + (i > 2)::int, i, 'same', 'same', 'same', '{"a": 1}'
    from generate_series(1, 300) i;
  insert into many (id) values (0);
  insert into small select case when i < 1000 then '' else 'Ada' end, case i when 1 then 'x' else 'y' end,
    case when i <= 500 then array['x', 'x'] else array['y'] end, '' from generate_series(1, 1000) i`;

const RULES = `
version: 1
tables:
  many:
    columns:
      id: keep
      enough: {anonymizer: bucket, step: 10}
      few: {anonymizer: bucket, step: 10}
      plain: keep
      fixed: {anonymizer: constant, value: same}
      own: {anonymizer: sql, expression: "{column}"}
      gone: null
      doc: {anonymizer: json, paths: {b: redact}}
  small:
    columns:
      name: {anonymizer: choice, values: [Ada]}
      code: {anonymizer: choice, values: [x]}
      tags: {anonymizer: choice, values: [x]}
      nick: first-name
`;

test("columns of which one value in a hundred came out as it was are told", async () => {
  await using pair = await syncPair(SCHEMA, ROWS);
  const result = await sync(pair.request({ rules: RULES }));
  expect(result.warnings).toEqual([
    "public.many.enough: 3 of 300 values came out as they were (bucket)",
    "public.small.tags: 500 of 1000 values came out as they were (choice)",
  ]);
  expect(result.details[1]?.masked.map(({ column, empty, unchanged }) => [column, empty, unchanged])).toEqual(
    [
      ["name", 0, 1],
      ["code", 0, 1],
      ["tags", 0, 500],
      ["nick", 1000, 0],
    ],
  );
});

test("in a small column one value is enough", async () => {
  await using pair = await syncPair(
    SCHEMA,
    "insert into small values ('Ada', 'y', '{}', ''), ('Bob', 'x', null, '')",
  );
  const result = await sync(pair.request({ rules: RULES }));
  expect(result.warnings).toEqual([
    "public.small.name: 1 of 2 values came out as they were (choice)",
    "public.small.code: 1 of 2 values came out as they were (choice)",
  ]);
});
