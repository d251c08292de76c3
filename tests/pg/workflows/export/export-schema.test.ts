import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { silentLog } from "../../../../src/base/log.ts";
import { applyScripts, parseSources } from "../../../../src/build/apply.ts";
import { readSources, type SchemaSource } from "../../../../src/build/sources.ts";
import { changeText } from "../../../../src/diff/change.ts";
import { compare } from "../../../../src/diff/compare.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { readSnapshot, type Snapshot } from "../../../../src/schema/snapshot.ts";
import { withoutConnecting } from "../../../../src/scratch/subscriptions.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { type ExportOptions, exportSchema } from "../../../../src/workflows/export/export-schema.ts";
import { makeCorpusRoles } from "../../../support/corpus.ts";
import { type TestDatabase, testDatabase } from "../../../support/database.ts";
import { type Project, testProject } from "../../../support/project.ts";
import { assertLaw } from "../../../support/random-schema.ts";

const CORPUS = "tests/corpus";
const pairs = readdirSync(CORPUS).sort();
const neededMajor = (a: string): number => Number(a.match(/^-- postgresql >= (\d+)\n/)?.[1] ?? 13);

beforeAll(makeCorpusRoles);

async function databaseOf(ddl: string): Promise<TestDatabase> {
  const database = await testDatabase();
  await using db = await Connection.open(database.url);
  if (ddl !== "") await db.run(sql.raw(ddl));
  return database;
}

const exported = (url: string, project: Project, options: Partial<ExportOptions> = {}) =>
  exportSchema(
    {
      url,
      environment: {},
      migrationsDir: project.path("db/migrations"),
      trackingTable: "tb_confiture",
      log: silentLog,
    },
    {
      projectDir: project.dir,
      directory: "db/schema",
      scratch: { url: inject("serverUrl") },
      ...options,
    },
  );

const sourcesOf = (project: Project, sortMode: "alphabetical" | "hex"): SchemaSource[] =>
  readSources({ projectDir: project.dir, includeDirs: [{ path: "db/schema" }], sortMode });

async function connected<T>(url: string, work: (db: Connection) => Promise<T>): Promise<T> {
  await using db = await Connection.open(url);
  return await work(db);
}

const snapshotAt = (url: string): Promise<Snapshot> =>
  connected(url, (db) => readSnapshot(db, { builder: db.server.user }));

/** Builds what was written; every statement must run where it stands. */
async function built(sources: readonly SchemaSource[]): Promise<Snapshot> {
  await using database = await testDatabase();
  await using db = await Connection.open(database.url);
  const { deferred } = await applyScripts(db, (await parseSources(sources)).map(withoutConnecting));
  expect(deferred).toBe(0);
  return await readSnapshot(db, { builder: db.server.user });
}

/** Views and functions that use each other, which no order of statements makes. */
const IMPOSSIBLE = new Set(["view-circle"]);

describe.concurrent("an export builds to the same schema", () => {
  test.for(pairs)("%s", async (pair, { expect, skip }) => {
    const read = (side: string) => readFileSync(`${CORPUS}/${pair}/${side}.sql`, "utf8");
    const major = neededMajor(read("a"));
    skip(inject("serverMajor") < major, `needs PostgreSQL ${major}`);
    await using database = await databaseOf(read("b"));
    using project = testProject();
    if (IMPOSSIBLE.has(pair)) {
      await expect(exported(database.url, project)).rejects.toMatchObject({ code: "DIFFER_405" });
      return;
    }
    const { files } = await exported(database.url, project);
    const sources = files.length === 0 ? [] : sourcesOf(project, "alphabetical");
    expect(sources.map(({ file }) => file)).toEqual(files.map((file) => `db/schema/${file}`));
    if (files.length > 0) expect(sourcesOf(project, "hex")).toEqual(sources);
    expect(changeText(compare(await snapshotAt(database.url), await built(sources)))).toBe("");
  });
});

test("an export of any small schema builds to it", () =>
  assertLaw(async (ddl) => {
    await using database = await databaseOf(ddl);
    using project = testProject();
    await exported(database.url, project);
    const sources = sourcesOf(project, "alphabetical");
    expect(changeText(compare(await snapshotAt(database.url), await built(sources)))).toBe("");
  }));

test("an expression that PostgreSQL prints in another way after a build is told of, and its file is the first", async () => {
  await using database = await databaseOf(`
    create table t (a varchar(9), b varchar(9), c varchar(9), check (a = any (array[b, c])));
    create index i on t (a) where a = any (array[b, c]);
  `);
  using project = testProject();
  const { files, reprinted } = await exported(database.url, project);
  expect(files).toEqual(["040_tables/public.t.sql"]);
  expect(reprinted).toEqual(["check-constraint public.t.t_check", "index public.i"]);
});

const attached = (url: string) =>
  connected(url, (db) =>
    db.rows(sql`select h.inhrelid::regclass::text as index, h.inhparent::regclass::text as to
      from pg_inherits h join pg_index i on i.indexrelid = h.inhrelid order by 1`),
  );

test("an index takes over those of constraints that partitions had before it", async () => {
  await using database = await databaseOf(
    readFileSync(`${CORPUS}/index-of-partitioned-over-constraints/b.sql`, "utf8"),
  );
  using project = testProject();
  await exported(database.url, project);
  await using copy = await testDatabase();
  const scripts = await parseSources(sourcesOf(project, "alphabetical"));
  await connected(copy.url, (db) => applyScripts(db, scripts));
  expect(await attached(database.url)).toHaveLength(3);
  expect(await attached(copy.url)).toEqual(await attached(database.url));
});

test("a database without objects of its own gives a directory without files", async () => {
  await using database = await databaseOf("");
  using project = testProject();
  expect(await exported(database.url, project)).toMatchObject({ files: [] });
  expect(readdirSync(project.path("db/schema"))).toEqual([]);
});

test("what the files cannot say is named", async () => {
  await using database = await databaseOf(`
    grant insert on information_schema.sql_features to corpus_reader;
    revoke select on information_schema.views from public;
    create function pg_catalog.confiture_stray() returns int language sql as 'select 1';
  `);
  using project = testProject();
  const { left_out: left, warnings } = await exported(database.url, project);
  expect(left).toEqual([
    "function confiture_stray() in pg_catalog",
    "privileges on table information_schema.sql_features: insert to corpus_reader, select to public",
    "privileges on view information_schema.views: none",
  ]);
  expect(warnings).toEqual([expect.stringContaining(`do not say 3 thing(s): ${left[0]}`)]);
  const withoutPrivileges = await exported(database.url, project, { force: true, privileges: false });
  expect(withoutPrivileges.left_out).toEqual(left.slice(0, 1));
});
