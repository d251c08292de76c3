import { expect, test } from "vitest";
import type { Change } from "../../../src/diff/change.ts";
import type { Snapshot } from "../../../src/schema/snapshot.ts";
import { definingFiles } from "../../../src/workflows/defining-file.ts";

const SOURCES = [
  {
    file: "users.sql",
    text: "create table users (id int, email text); create index users_email on users (email);",
  },
  { file: "email.sql", text: "create table email (id int); create table app.users ();" },
  {
    file: "code.sql",
    text: "create function \"Greet me\"(who text) returns text language sql as 'select 1';",
  },
  { file: "code2.sql", text: "create function twice(a int) returns int language sql as 'select 1';" },
  { file: "code3.sql", text: "create function twice(a text) returns int language sql as 'select 1';" },
];

/** Only what says where the objects belong. */
const SNAPSHOT = {
  major: 17,
  database: "x",
  objects: {
    table: [{ schema: "public", name: "users" }],
    column: [{ schema: "public", table: "users", name: "email", of: "table public.users" }],
    comment: [{ of: "column public.users.email", column: "email", text: "where to write to" }],
  },
} satisfies Snapshot;

const fileOf = async (kind: string, object: string) => {
  const change: Change = { op: "-", kind, object, part_of: null, within: null, attributes: [] };
  return (await definingFiles([change], SOURCES, [SNAPSHOT]))(change);
};

test.each([
  ["table", "public.users", "users.sql"],
  // Two may make it: public need not be the schema of what is written without one.
  ["table", "app.users", null],
  ["column", "public.users.email", "users.sql"],
  ["comment", "on column public.users.email", "users.sql"],
  ["index", "public.users_email", "users.sql"],
  ["function", 'public."Greet me"(text)', "code.sql"],
  ["function", "public.twice(integer)", null],
  ["table", "public.nowhere", null],
])("%s %s: %s", async (kind, object, file) => {
  expect(await fileOf(kind, object)).toBe(file);
});
