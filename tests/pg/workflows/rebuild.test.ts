import { readdirSync, readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { current } from "../../../src/migrate/current.ts";
import { takeMigrationLock } from "../../../src/migrate/lock/lock.ts";
import { up } from "../../../src/migrate/up.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { readSnapshot } from "../../../src/schema/snapshot.ts";
import { sql } from "../../../src/sql/tag.ts";
import { rebuild, type RebuildOptions } from "../../../src/workflows/rebuild.ts";
import { type Bench, testMigrations } from "../../support/migrations.ts";

const CHAIN = {
  "1_users": "create table users (id int primary key)",
  "2_email": "alter table users add email text",
} as const;

const DDL = {
  "db/schema/10_users.sql": "create table users (id int primary key, email text);\n",
  "db/schema/20_view.sql": "create schema app;\ncreate view app.emails as select email from users;\n",
};

const NOW = new Date("2026-05-04T03:02:01Z");

async function withSchema(files: Readonly<Record<string, string>> = DDL): Promise<Bench> {
  const bench = await testMigrations(CHAIN);
  for (const [file, text] of Object.entries(files)) bench.project.write(file, text);
  return bench;
}

const run = (bench: Bench, options: Partial<RebuildOptions> = {}) =>
  rebuild(bench.target, {
    schema: { projectDir: bench.project.dir, includeDirs: [{ path: "db/schema" }] },
    scratch: { url: inject("serverUrl") },
    protected: false,
    yes: true,
    now: NOW,
    ...options,
  });

async function snapshotOf(bench: Bench) {
  await using db = await Connection.open(bench.database.url);
  return await readSnapshot(db);
}

test("everything is replaced by what the DDL files say, and every migration is recorded", async () => {
  await using bench = await withSchema();
  await bench.ask(
    sql.raw(`
    create schema old; create table old.t (id int); create function old.f() returns event_trigger language plpgsql
      as $$ begin null; end $$;
    create event trigger watch on sql_drop execute function old.f();
    create publication everything for all tables; create table users (id text); insert into users values ('x')`),
  );
  const result = await run(bench, { dropSchemas: true, verify: true });
  expect(result).toMatchObject({
    success: true,
    schemas_dropped: ["old", "public"],
    ddl_statements_executed: 3,
    marked: [
      { version: "1", name: "users" },
      { version: "2", name: "email" },
    ],
    dry_run: false,
    verified: true,
    seeds_applied: null,
    backup: null,
    warnings: [],
  });
  expect(await bench.ask(sql`select * from app.emails`)).toEqual([]);
  expect(await current(bench.target)).toMatchObject({ revision: "2" });
  const rows = await bench.ask<{ slug: string }>(sql`select slug from tb_confiture order by pk_confiture`);
  expect(rows.map((row) => row.slug.replace(/\d{8}_\d{6}_\d{6}/, "T"))).toEqual([
    "1_users_T_reinit",
    "2_email_T_reinit",
  ]);
  expect((await up(bench.target)).applied).toEqual([]);
  expect(await bench.ask(sql`select from pg_event_trigger union all select from pg_publication`)).toEqual([]);
});

test("schema public is as in a new database afterwards", async () => {
  await using bench = await withSchema({ "db/schema/1.sql": "select 1;\n" });
  const fresh = await snapshotOf(bench);
  await bench.ask(sql`revoke all on schema public from public; comment on schema public is 'ours'`);
  const result = await run(bench, { dropSchemas: true });
  expect(result.warnings.join()).toContain("schema public was owned and granted otherwise before");
  await bench.ask(sql`drop table tb_confiture`);
  expect(await snapshotOf(bench)).toEqual(fresh);
});

test("without --drop-schemas the database must be empty; one without a ledger is, and one with an empty ledger", async () => {
  await using bench = await withSchema();
  await bench.ask(sql`create table left_over ()`);
  await expect(run(bench)).rejects.toMatchObject({
    code: "REBUILD_001",
    exit: 4,
    message: expect.stringContaining("table public.left_over") as string,
  });
  await bench.ask(sql`drop table left_over`);
  expect(await run(bench)).toMatchObject({ schemas_dropped: [], verified: null });
  await bench.ask(sql`drop table users cascade; drop schema app; create table confiture_repeatable (ledger, path)
    as values ('tb_confiture', 'v.sql'), ('another', 'v.sql')`);
  expect(await run(bench, { verify: true })).toMatchObject({ verified: true });
  expect(await bench.ask(sql`select ledger from confiture_repeatable`)).toEqual([{ ledger: "another" }]);
  expect(await bench.ask(sql`select version from tb_confiture`)).toHaveLength(2);
});

test.each([
  ["DDL that does not parse", "create table (", "SCHEMA_200"],
  ["DDL that fails", "select 1/0;", "SCHEMA_001"],
  ["DDL that needs what is nowhere", "create view v as select * from nowhere;", "SCHEMA_202"],
])("%s stops on the scratch database, before anything is touched", async (_what, text, code) => {
  await using bench = await withSchema({ "db/schema/1.sql": text });
  await up(bench.target);
  const before = await snapshotOf(bench);
  await expect(run(bench, { dropSchemas: true })).rejects.toMatchObject({ code, exit: 4 });
  expect(await snapshotOf(bench)).toEqual(before);
});

test("DDL that fails on this database only leaves it as it was", async () => {
  await using bench = await withSchema({
    "db/schema/1.sql": `do $$ begin if current_database() like 't\\_%' then raise 'not here'; end if; end $$;\n`,
  });
  await up(bench.target);
  await bench.ask(sql`insert into users values (7)`);
  const before = await snapshotOf(bench);
  await expect(run(bench, { dropSchemas: true, backupDir: bench.project.dir })).rejects.toMatchObject({
    code: "SCHEMA_001",
    message: expect.stringContaining("not here") as string,
  });
  expect(await snapshotOf(bench)).toEqual(before);
  expect(await bench.ask(sql`select id from users`)).toEqual([{ id: 7 }]);
  expect(await bench.ask(sql`select version from tb_confiture`)).toHaveLength(2);
});

test("--verify finds what the DDL files do differently here, and nothing is changed", async () => {
  await using bench = await withSchema({
    "db/schema/1.sql": `do $$ begin if current_database() like 't\\_%' then create table only_here (); end if; end $$;\n`,
  });
  await up(bench.target);
  await expect(run(bench, { dropSchemas: true, verify: true })).rejects.toMatchObject({
    code: "REBUILD_001",
    context: { details: { differences: ["+ table public.only_here"] } },
  });
  expect(await bench.ask(sql`select to_regclass('users')::text as t`)).toEqual([{ t: "users" }]);
});

test("the ledger's rows are kept in a file, whole", async () => {
  await using bench = await withSchema();
  await up(bench.target);
  const rows = await bench.ask(sql`select to_jsonb(l) as row from tb_confiture l order by pk_confiture`);
  const result = await run(bench, { dropSchemas: true, backupDir: bench.project.dir });
  expect(result.backup).toBe(bench.project.path("tb_confiture_backup_20260504T030201Z.json"));
  const kept = JSON.parse(readFileSync(result.backup!, "utf8")) as { rows: unknown[] };
  expect(kept).toMatchObject({ database: bench.database.name, ledger: "public.tb_confiture" });
  expect(kept.rows).toEqual(rows.map((r) => (r as { row: unknown }).row));
  await expect(run(bench, { dropSchemas: true, backupDir: bench.project.dir })).rejects.toMatchObject({
    code: "CONFIG_004",
  });
});

test("a dry run builds on a scratch database, says what would be dropped, and leaves no trace", async () => {
  await using bench = await withSchema();
  await up(bench.target, { target: "1" });
  const before = await snapshotOf(bench);
  const options = { dryRun: true, yes: false, backupDir: bench.project.dir };
  expect(await run(bench, { ...options, dropSchemas: true })).toMatchObject({
    schemas_dropped: ["public"],
    ddl_statements_executed: 3,
    dry_run: true,
    backup: null,
    verified: null,
  });
  await expect(run(bench, options)).rejects.toMatchObject({ code: "REBUILD_001" });
  expect(await snapshotOf(bench)).toEqual(before);
  expect(readdirSync(bench.project.dir)).toEqual(["db"]);
});

test("a protected database is refused, and so is one that nobody said yes to; the database is named", async () => {
  await using bench = await withSchema();
  const message = expect.stringContaining(bench.database.name) as string;
  await expect(run(bench, { protected: true })).rejects.toMatchObject({ code: "CONFIG_008", message });
  await expect(run(bench, { yes: false })).rejects.toMatchObject({ code: "CONFIG_008", message });
  await expect(run(bench, { schema: undefined })).rejects.toMatchObject({ code: "SCHEMA_201" });
});

test("the migration lock is taken first", async () => {
  await using bench = await withSchema();
  await using _lock = await takeMigrationLock(bench.target, {});
  await expect(run(bench, { lockTimeoutMs: 100 })).rejects.toMatchObject({ code: "LOCK_1300", exit: 6 });
  expect(await bench.ask(sql`select to_regclass('users') as t`)).toEqual([{ t: null }]);
});

test("CONCURRENTLY is no reason to leave the transaction; what is follows after it", async () => {
  await using bench = await withSchema({
    ...DDL,
    "db/schema/30_index.sql": "create index concurrently by_email on users (email);\n",
    "db/schema/40_vacuum.sql": "vacuum users;\n",
  });
  const result = await run(bench, { dropSchemas: true, verify: true });
  expect(result).toMatchObject({ ddl_statements_executed: 5, verified: true });
  bench.project.write("db/schema/40_vacuum.sql", "do $$ begin execute 'vacuum users'; end $$;\n");
  await expect(run(bench, { dropSchemas: true })).rejects.toMatchObject({ code: "SCHEMA_001" });
  expect(await bench.ask(sql`select to_regclass('by_email')::text as i`)).toEqual([{ i: "by_email" }]);
});

test("roles belong to the server: those that are there are not made again; settings of a file do not reach the ledger", async () => {
  await using bench = await withSchema();
  const role = `app_${bench.database.name}`;
  await bench.ask(sql.raw(`create role ${role}`));
  bench.project.write(
    "db/schema/90.sql",
    `create role ${role};\ngrant select on users to ${role};\nset search_path = app;\nset role ${role};\n`,
  );
  const scratchRole = { url: inject("serverUrl") };
  await expect(run(bench, { dropSchemas: true, scratch: scratchRole })).rejects.toMatchObject({
    message: expect.stringContaining("already exists") as string,
  });
  bench.project.write("db/schema/90.sql", `grant select on users to ${role};\nset search_path = app;\n`);
  const result = await run(bench, { dropSchemas: true, verify: true });
  expect(result.warnings).toEqual([]);
  expect(await bench.ask(sql`select to_regclass('public.tb_confiture')::text as l`)).toEqual([
    { l: "tb_confiture" },
  ]);
});

test("a ledger in a schema of its own gets it back", async () => {
  await using bench = await withSchema();
  await bench.ask(sql`create schema ops`);
  const ops = { ...bench, target: { ...bench.target, trackingTable: "ops.tb_confiture" } };
  await up(ops.target);
  expect(await run(ops, { dropSchemas: true, verify: true })).toMatchObject({ verified: true, warnings: [] });
  expect(await bench.ask(sql`select version from ops.tb_confiture`)).toHaveLength(2);
});

test("extensions go with their schemas, those of pg_catalog stay; a subscription is refused", async () => {
  await using bench = await withSchema();
  await bench.ask(sql`create schema ext; create extension if not exists hstore schema ext`);
  await bench.ask(sql`create table with_extension (h ext.hstore)`);
  const result = await run(bench, { dropSchemas: true, verify: true });
  expect(result.schemas_dropped).toEqual(["ext", "public"]);
  expect(await bench.ask(sql`select extname from pg_extension`)).toEqual([{ extname: "plpgsql" }]);
  await bench.ask(
    sql`create subscription news connection 'host=192.0.2.1' publication p with (connect = false)`,
  );
  await expect(run(bench, { dropSchemas: true })).rejects.toMatchObject({
    code: "REBUILD_001",
    message: expect.stringContaining("subscription news") as string,
  });
  await bench.ask(sql`alter subscription news disable`);
  await bench.ask(sql`alter subscription news set (slot_name = none)`);
  await bench.ask(sql`drop subscription news`);
});

test("other sessions are counted, and what belongs to no schema is told", async () => {
  await using bench = await withSchema();
  await using other = await Connection.open(bench.database.url, { applicationName: "app" });
  await other.run(sql`create foreign data wrapper nowhere`);
  const { warnings } = await run(bench, { dropSchemas: true });
  expect(warnings).toEqual([
    "1 other session(s) use the database",
    "foreign-data-wrapper nowhere belongs to no schema and stayed",
  ]);
});

test("what no transaction can hold comes last; when it fails, the message says that the rest is done", async () => {
  const other = `t_other_${Date.now().toString(36)}`;
  await using bench = await withSchema({ ...DDL, "db/schema/90.sql": `create database ${other};\n` });
  try {
    // The scratch build makes the database, so here it exists already.
    await expect(run(bench, { dropSchemas: true, verify: true })).rejects.toMatchObject({
      code: "REBUILD_001",
      message: expect.stringContaining("was rebuilt, but not to its end") as string,
      context: { details: { sqlstate: "42P04" } },
    });
    expect(await bench.ask(sql`select version from tb_confiture`)).toHaveLength(2);
    expect(await bench.ask(sql`select * from app.emails`)).toEqual([]);
  } finally {
    await bench.ask(sql.raw(`drop database if exists ${other}`));
  }
});
