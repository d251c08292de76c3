import { expect, test } from "vitest";
import { classify } from "../../../src/migrate/classify.ts";
import { findMigrations } from "../../../src/migrate/files.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { analyseDependents, dependentIssues, SKIPPED } from "../../../src/workflows/live-dependents.ts";
import { testMigrations } from "../../support/migrations.ts";

const LIVE = `
  create table users (id int primary key, email text);
  create view people as select id, email from users;
  create view names as select email from people;
  create function half(n int) returns int language sql immutable as 'select n / 2';
  create function half(t text) returns text language sql as 'select t';
  create view halves as select half(id) as h from users;
  create table guarded (n int check (half(n) > 0), m int default half(4));
  create index on users (half(id));
  create function person() returns setof people language sql as 'select * from people';
  create procedure nobody(int) language sql as '';`;

/** What depends on what a migration replaces or drops: `target: dependents`. */
async function analyse(up: string) {
  await using bench = await testMigrations({ "1_a": up });
  await using db = await Connection.open(bench.database.url);
  await db.run(sql.raw(LIVE));
  const { migrations } = await findMigrations(bench.target.migrationsDir);
  return await analyseDependents(db, await classify(migrations));
}

const print = ({ entries }: Awaited<ReturnType<typeof analyse>>) =>
  entries.map(
    ({ kind, qualified, dependents }) =>
      `${kind} ${qualified}: ${dependents.map((d) => `${d.kind} ${d.name}`).join(", ")}`,
  );

test.each([
  [
    "create or replace view people as select id, email, 1 as one from users",
    ["view public.people: function public.person(), view names"],
  ],
  ["drop view public.names", ["view public.names: "]],
  [
    "create or replace function half(n integer) returns int language sql immutable as 'select 1'",
    [
      "function public.half(integer): default value for public.guarded.m, index users_half_idx, table constraint guarded_n_check on public.guarded, view halves",
    ],
  ],
  ["drop function half(text)", ["function public.half(pg_catalog.text): "]],
  [
    "drop routine half",
    [
      "function public.half(integer): default value for public.guarded.m, index users_half_idx, table constraint guarded_n_check on public.guarded, view halves",
      "function public.half(pg_catalog.text): ",
    ],
  ],
  [
    "create or replace procedure nobody(n int) language sql as 'select 1'",
    ["procedure public.nobody(integer): "],
  ],
  ["create or replace function half(n users.id%type) returns int language sql as 'select 1'", 2],
  ["create or replace view unheard_of as select 1; drop function if exists nothing(no_such_type)", []],
  ["create view other as select 1; drop table guarded", []],
])("%s", async (up, said) => {
  const analysis = await analyse(up);
  if (typeof said === "number") expect(analysis.entries).toHaveLength(said);
  else
    expect(
      print(analysis).map((line) => line.replaceAll("function person", "function public.person()")),
    ).toEqual(said);
});

test("entries say where they stand, which columns are used, and whether something blocks", async () => {
  const analysis = await analyse("select 1;\ncreate or replace view people as select id, email from users");
  expect(analysis).toMatchObject({ status: "ok", has_blocking: true });
  expect(analysis.entries[0]).toMatchObject({
    kind: "view",
    schema: "public",
    name: "people",
    qualified: "public.people",
    source_file: expect.stringMatching(/1_a\.up\.sql$/),
    source_line: 2,
    severity: "error",
  });
  expect(analysis.entries[0]!.dependents).toContainEqual({
    kind: "view",
    schema: "public",
    name: "names",
    referenced_columns: ["email"],
  });
  expect((await analyse("drop view names")).has_blocking).toBe(false);
});

test("what the migration has dropped before does not count", async () => {
  const analysis = await analyse("drop view names; drop function person(); drop view people");
  expect(print(analysis).at(-1)).toBe("view public.people: ");
  expect(analysis.has_blocking).toBe(false);
});

test("an issue per object that something is built on, as severe as was asked for", async () => {
  const analysis = await analyse("drop view people");
  const [issue] = dependentIssues(analysis, [], "fail");
  expect(issue).toMatchObject({
    code: "PFLIGHT_LIVE_DEPENDENTS",
    severity: "error",
    line: 1,
    message: expect.stringContaining("view public.names"),
  });
  expect(dependentIssues(analysis, [], "warn").map(({ severity }) => severity)).toEqual(["warning"]);
});

test("a check that could not be made is told", () => {
  expect(dependentIssues(SKIPPED, [], "fail")).toMatchObject([{ severity: "warning" }]);
  expect(dependentIssues(SKIPPED, [], "warn")).toMatchObject([{ severity: "info" }]);
});
