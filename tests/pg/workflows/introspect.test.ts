import { expect, inject, test } from "vitest";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { readSnapshot } from "../../../src/schema/snapshot.ts";
import { type Sql, sql } from "../../../src/sql/tag.ts";
import { introspect, type IntrospectOptions } from "../../../src/workflows/introspect.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

/** Every sort of step that has its own way of running, with a data migration among them. */
const CHAIN = {
  "001_users": "create table users (id bigint generated always as identity primary key, email text)",
  "002_mood": "create type mood as enum ('ok'); alter table users add mood mood;",
  "003_sad": "alter type mood add value 'sad'",
  "004_use": "alter table users add constraint not_sad check (mood <> 'sad')",
  "005_index": "create index concurrently users_email on users (email)",
  "006_data": "insert into users (email) values ('a@example.org')",
  "007_function":
    "create function hello(who text) returns text language plpgsql as $$ begin return 'hello ' || who; end $$;\ncreate view greetings as select hello(email) as greeting from users;",
  "008_index": "drop index concurrently users_email",
} as const;

const look = (bench: Bench, options: Partial<IntrospectOptions> = {}) =>
  introspect(bench.target, { scratch: { url: inject("serverUrl") }, ...options });

/** A database that is at `version`, without a ledger. */
async function at(version: string, migrations: Parameters<typeof testMigrations>[0] = CHAIN): Promise<Bench> {
  const bench = await testMigrations(migrations);
  await up(bench.target, { target: version });
  await bench.ask(sql`drop table tb_confiture`);
  return bench;
}

test.each(["001", "002", "003", "004", "007", "008"])("a database at %s is recognised", async (version) => {
  await using bench = await at(version);
  const result = await look(bench);
  expect(result).toMatchObject({
    ledger_present: false,
    database_empty: false,
    detected_version: version,
    confidence: "exact",
    ambiguous: false,
    failed: [],
    compared: 8,
  });
  expect(result.candidates[0]).toMatchObject({ version, changes: 0, differences: [] });
  expect(result.candidates).toHaveLength(6);
  expect(result.recommendation).toContain(`baseline --through ${version}`);
});

test.each(["005", "006"])("at %s only data tells two versions apart, and both are named", async (version) => {
  await using bench = await at(version);
  const result = await look(bench);
  expect(result).toMatchObject({ detected_version: "006", confidence: "exact", ambiguous: true });
  expect(result.candidates.filter((c) => c.changes === 0).map((c) => c.version)).toEqual(["006", "005"]);
  expect(result.recommendation).toContain("006, 005");
});

const BY_HAND: readonly (readonly [string, Sql, string])[] = [
  ["another column", sql`alter table users add phone text`, "+ column public.users.phone"],
  ["no default", sql`alter table users alter email set default ''`, "+ default public.users.email"],
  ["an index", sql`create index by_hand on users (mood)`, "+ index public.by_hand"],
  [
    "another function body",
    sql`create or replace function hello(who text) returns text language plpgsql as $$ begin return 'Hello ' || who; end $$`,
    "~ function public.hello(text)",
  ],
  [
    "another view",
    sql`create or replace view greetings as select hello(upper(email)) as greeting from users`,
    "~ view",
  ],
  ["a comment", sql`comment on table users is 'people'`, "+ comment on table public.users"],
];

test.each(BY_HAND)(
  "changed by hand (%s), it is exactly none, and the nearest says why",
  async (_what, change, said) => {
    await using bench = await at("008");
    await bench.ask(change);
    const result = await look(bench);
    expect(result).toMatchObject({
      detected_version: null,
      detected_migration_name: null,
      confidence: "none",
    });
    expect(result.candidates[0]).toMatchObject({ version: "008", changes: 1 });
    expect(result.candidates[0]!.differences[0]).toContain(said);
    expect(result.recommendation).toContain("008 is the nearest");
  },
);

test("owners, grants and default privileges are the environment's, and said to be left out", async () => {
  await using bench = await at("008");
  const role = `app_${bench.database.name}`;
  await bench.ask(sql.raw(`create role ${role}`));
  await bench.ask(sql.raw(`alter table users owner to ${role}`));
  await bench.ask(sql.raw(`grant select on greetings to ${role}`));
  await bench.ask(sql.raw(`alter default privileges in schema public grant select on tables to ${role}`));
  const result = await look(bench);
  expect(result).toMatchObject({ detected_version: "008", confidence: "exact" });
  expect(result.ignored_kinds).toEqual(["owner", "grant", "member-grant", "default-privilege"]);
});

test("nothing is written: the database is left as it was, and a ledger in it is no difference", async () => {
  await using bench = await testMigrations(CHAIN);
  await up(bench.target, { target: "004" });
  await using db = await Connection.open(bench.database.url);
  const before = await readSnapshot(db);
  expect(await look(bench)).toMatchObject({
    ledger_present: true,
    detected_version: "004",
    ambiguous: false,
  });
  expect(await readSnapshot(db)).toEqual(before);
});

test("an empty database is told as such; a first migration that only writes data makes it ambiguous", async () => {
  await using empty = await testMigrations(CHAIN);
  expect(await look(empty)).toMatchObject({
    database_empty: true,
    detected_version: null,
    confidence: "none",
  });
  await using unclear = await testMigrations({ "1_nothing": "select 1", "2_a": "create table a ()" });
  const result = await look(unclear);
  expect(result).toMatchObject({ database_empty: true, detected_version: "1", ambiguous: true });
  expect(result.recommendation).toContain("none, 1");
});

test("what fails on a scratch database is not compared, nor what lies behind it", async () => {
  await using bench = await at("2", { "1_a": "create table a ()", "2_b": "create table b ()" });
  bench.project.write("db/migrations/3_bad.up.sql", "select 1/0");
  bench.project.write("db/migrations/4_c.up.sql", "create table c ()");
  const result = await look(bench);
  expect(result).toMatchObject({ detected_version: "2", compared: 2 });
  expect(result.failed).toEqual([
    { version: "3", error: expect.stringContaining("division by zero") as string },
    { version: "4", error: "not replayed, because 3 failed" },
  ]);
  expect(result.recommendation).toContain("2 version(s) could not be compared");
});

test("a directory of schemas is compared instead of the chain, each built on its own", async () => {
  await using bench = await at("004");
  bench.project.write("db/schema_history/9_old.sql", "create table users (id int)");
  bench.project.write(
    "db/schema_history/10_new.sql",
    "create type mood as enum ('ok', 'sad');\ncreate table users (id bigint generated always as identity primary key, email text, mood mood, constraint not_sad check (mood <> 'sad'));",
  );
  bench.project.write("db/schema_history/11_bad.sql", "create table x (");
  const result = await look(bench, { snapshotsDir: bench.project.path("db/schema_history") });
  expect(result).toMatchObject({ detected_version: "10", detected_migration_name: "new", compared: 2 });
  expect(result.failed.map((f) => f.version)).toEqual(["11"]);
  const nowhere = look(bench, { snapshotsDir: bench.project.path("db/migrations/none") });
  await expect(nowhere).rejects.toMatchObject({ code: "CONFIG_004", exit: 5 });
  const noSchemas = look(bench, { snapshotsDir: bench.project.dir });
  await expect(noSchemas).rejects.toMatchObject({ code: "CONFIG_004" });
});

test("of a long chain only what may be near is read whole; the answer is the same", async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 26 }, (_, i) => {
      const version = String(i + 1);
      const both = `create table t${version} (id int); ${i % 3 === 0 ? "alter table t1 add c" + version + " int" : ""}`;
      return [`${version}_t`, i === 11 ? "alter table t1 add later int" : both];
    }),
  );
  await using bench = await at("12", chain);
  const result = await look(bench);
  expect(result).toMatchObject({ detected_version: "12", ambiguous: false, compared: 26 });
  expect(result.candidates.map((c) => [c.version, c.changes])).toEqual([
    ["12", 0],
    ["11", 1],
    ["13", 2],
    ["10", 2],
    ["14", 3],
    ["15", 4],
  ]);
});
