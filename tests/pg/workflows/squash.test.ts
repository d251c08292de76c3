import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { down } from "../../../src/migrate/down.ts";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { readSnapshot } from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { squash, type SquashOptions } from "../../../src/workflows/squash.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

/** Since PostgreSQL 17 a value may be used in the transaction that adds it to an enum it creates. */
const usesEnumValues = inject("serverMajor") >= 17;

/** Every sort of step that has its own way of running. */
const CHAIN = {
  "001_dump": [
    "set client_min_messages = warning;\nselect pg_catalog.set_config('search_path', '', false);\ncreate table public.users (id bigint generated always as identity primary key, email text);\n",
    "drop table users;",
  ],
  "002_mood": [
    "create type mood as enum ('ok');\nalter table users add mood mood;",
    "alter table users drop mood; drop type mood;",
  ],
  "003_sad": ["alter type mood add value 'sad'", "select 1"],
  "004_use": [
    `begin;\nalter table users add constraint not_sad check (mood <> '${usesEnumValues ? "sad" : "ok"}');\ncommit;`,
    "alter table users drop constraint not_sad",
  ],
  "005_index": [
    "create index concurrently users_email on users (email)",
    "drop index concurrently users_email",
  ],
  "006_data": [
    "insert into users (email) values ('a@example.org');\ncopy users (email) from stdin;\nb@example.org\n\\.\n",
    "delete from users",
  ],
  "007_view": [
    "create function hello(who text) returns text language plpgsql as $$ begin return 'hello; ' || who; end $$;\ncreate view greetings as select hello(email) from users;",
    "drop view greetings; drop function hello(text);",
  ],
  "008_more": ["create table more (); -- the last", "drop table more"],
} as const;

const run = (bench: Bench, through: string, options: Partial<SquashOptions> = {}) =>
  squash(bench.target, { through, scratch: { url: inject("serverUrl") }, ...options });

const files = (bench: Bench, dir = "") => readdirSync(bench.project.path(`db/migrations/${dir}`)).toSorted();

async function snapshotOf({ database }: Bench) {
  await using db = await Connection.open(database.url);
  const { objects } = await readSnapshot(db, { ours: ["public.tb_confiture"] });
  return objects;
}

test("one migration in the place of many leads to the same database, data included, and back to an empty one", async () => {
  await using before = await testMigrations(CHAIN);
  await up(before.target);
  await using bench = await testMigrations(CHAIN);
  const empty = await snapshotOf(bench);
  const result = await run(bench, "007");
  expect(result).toMatchObject({
    success: true,
    version: "007",
    name: "squashed",
    proven: true,
    dry_run: false,
    up_file: bench.project.path("db/migrations/007_squashed.up.sql"),
    down_file: bench.project.path("db/migrations/007_squashed.down.sql"),
    archived_to: bench.project.path("db/migrations/archive/007"),
  });
  expect(result.warnings).toEqual(
    usesEnumValues ? [expect.stringContaining("003 adds a value to an enum") as string] : [],
  );
  expect(result.squashed.map((m) => m.version)).toEqual(["001", "002", "003", "004", "005", "006", "007"]);
  expect(files(bench)).toEqual([
    "007_squashed.down.sql",
    "007_squashed.up.sql",
    "008_more.down.sql",
    "008_more.up.sql",
    "archive",
  ]);
  expect(files(bench, "archive/007")).toHaveLength(14);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["007", "008"]);
  expect(await snapshotOf(bench)).toEqual(await snapshotOf(before));
  const people = sql`select id, email, mood::text from users order by id`;
  expect(await bench.ask(people)).toEqual(await before.ask(people));
  await down(bench.target, { steps: 2 });
  expect(await snapshotOf(bench)).toEqual(empty);
});

test("a dry run proves it and writes nothing", async () => {
  await using bench = await testMigrations(CHAIN);
  const before = files(bench);
  expect(await run(bench, "003_sad", { dryRun: true, name: "start" })).toMatchObject({
    dry_run: true,
    proven: true,
    up_file: bench.project.path("db/migrations/003_start.up.sql"),
  });
  expect(files(bench)).toEqual(before);
});

test("a squash of a squash names every version, and leads to the same database", async () => {
  await using bench = await testMigrations(CHAIN);
  await run(bench, "003");
  await run(bench, "005", { name: "again" });
  const text = readFileSync(bench.project.path("db/migrations/005_again.up.sql"), "utf8");
  expect(text).toMatch(
    /^-- confiture: squashes 001 002 003 004 005\n-- confiture: squashed-before 001 002\n/,
  );
  await using before = await testMigrations(CHAIN);
  await up(before.target);
  expect((await up(bench.target)).applied.map((m) => m.version)).toEqual(["005", "006", "007", "008"]);
  expect(await snapshotOf(bench)).toEqual(await snapshotOf(before));
});

test.each([
  [
    "another catalog, as one transaction sees no commit between its parts",
    {
      "1_a": "create table when_made as select txid_current() as made",
      "2_b": `do $$ begin if (select made from when_made) = txid_current() then create table same (); else create table other (); end if; end $$`,
    },
    "the squash leads to another catalog after 2",
  ],
  [
    "a later migration that fails on top of it",
    {
      "1_a": "create table when_made as select txid_current() as made",
      "2_b": "create table when_made_too as select txid_current() as made_too",
      "3_c":
        "do $$ begin if exists (select from when_made, when_made_too where made = made_too) then raise 'squashed'; end if; end $$",
    },
    "3_c fails on a scratch database, so nothing is proven",
  ],
  [
    "a part that one transaction cannot hold together",
    {
      "1_a":
        "create table a (id int primary key, of int references a deferrable initially deferred);\ninsert into a values (1, 1)",
      "2_b": "alter table a add x int",
    },
    "2_squashed fails on a scratch database",
  ],
  [
    "a chain that does not run",
    { "1_a": "create table a ()", "2_b": "select 1/0", "3_c": "select 1" },
    "2_b fails on a scratch database",
  ],
])("nothing is written for want of a proof: %s", async (_what, migrations, said) => {
  await using bench = await testMigrations(migrations);
  const before = files(bench);
  await expect(run(bench, "2")).rejects.toMatchObject({
    code: "MIGR_114",
    exit: 3,
    message: expect.stringContaining(said) as string,
  });
  expect(files(bench)).toEqual(before);
});

test("a way back that leaves something is not written, and a warning says what", async () => {
  await using bench = await testMigrations({
    "1_a": ["create table a ()", "drop table a"],
    "2_b": ["create table b ()", "select 1"],
  });
  const result = await run(bench, "2");
  expect(result.down_file).toBeNull();
  expect(result.warnings).toEqual(["no way back is written: it leaves + table public.b (with owner)"]);
  expect(existsSync(bench.project.path("db/migrations/2_squashed.down.sql"))).toBe(false);
});

test("modules, a single migration, bad names and an archive in the way are refused", async () => {
  await using bench = await testMigrations(CHAIN);
  await expect(run(bench, "001")).rejects.toMatchObject({ code: "MIGR_114" });
  await expect(run(bench, "99")).rejects.toMatchObject({ code: "MIGR_100" });
  await expect(run(bench, "002", { name: "No" })).rejects.toMatchObject({ code: "CONFIG_008", exit: 5 });
  bench.project.write("db/migrations/archive/002/001_dump.up.sql", "-- kept");
  await expect(run(bench, "002")).rejects.toMatchObject({
    code: "MIGR_114",
    message: expect.stringContaining("archive/002/001_dump.up.sql would be overwritten") as string,
  });
  expect(existsSync(bench.project.path("db/migrations/002_squashed.up.sql.tmp"))).toBe(false);
  bench.project.write("db/migrations/009_code.mjs", "throw new Error('loaded');");
  await expect(run(bench, "009")).rejects.toMatchObject({
    code: "MIGR_114",
    message: expect.stringContaining("009_code.mjs is a module") as string,
  });
});

test("what stands beside a migration goes to the archive with it, and is told", async () => {
  await using bench = await testMigrations(CHAIN);
  bench.project.write("db/migrations/002_mood.verify.sql", "select true");
  const { warnings } = await run(bench, "002");
  expect(warnings.join()).toContain("002_mood.verify.sql goes to the archive");
  expect(files(bench, "archive/002")).toContain("002_mood.verify.sql");
});

test.skipIf(usesEnumValues)(
  "before PostgreSQL 17 an enum value cannot be used where it is added",
  async () => {
    await using bench = await testMigrations({
      "1_a": "create type mood as enum ('ok'); create table a (mood mood)",
      "2_b": "alter type mood add value 'sad'",
      "3_c": "alter table a add check (mood <> 'sad')",
    });
    await expect(run(bench, "3")).rejects.toMatchObject({
      code: "MIGR_114",
      context: { actionable: expect.stringContaining("squash through the migration that adds it") as string },
    });
    expect(await run(bench, "2")).toMatchObject({ proven: true });
  },
);
