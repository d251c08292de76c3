import { expect, test } from "vitest";
import { silentLog } from "../../../../src/base/log.ts";
import type { HookDatabase, HooksConfig } from "../../../../src/migrate/hooks/hook.ts";
import { openHooks } from "../../../../src/migrate/hooks/hooks.ts";
import { Connection } from "../../../../src/pg/connection.ts";
import { sql } from "../../../../src/sql/tag.ts";
import { testDatabase } from "../../../support/database.ts";
import { testProject } from "../../../support/project.ts";

const client = (db: Connection): HookDatabase => ({
  execute: (statement) => db.run(sql.raw(statement)),
  query: (statement) => db.rows(sql.raw(statement)),
});

const AUDIT = `export default async ({ migration }, { db }) => {
  const [{ n }] = await db.query("select count(*)::int as n from a");
  await db.execute(\`insert into audit values ('\${migration.version}', \${n})\`);
};`;

const BROKEN = `export default async (event, { db }) => {
  await db.execute("insert into audit values ('broken', 0)");
  await db.execute("insert into no_such_table values (1)");
};`;

const module = (file: string, onError: "abort" | "warn" = "abort") => ({
  module: file,
  onError,
  timeoutMs: 20_000,
});

/** Fire `after_migration` between a migration's statement and its commit; gives the error and what is in the tables. */
async function migrateWith(hooks: HooksConfig["after_migration"]) {
  await using database = await testDatabase();
  using project = testProject({ "audit.mjs": AUDIT, "broken.mjs": BROKEN });
  await using db = await Connection.open(database.url);
  await db.run(sql`create table a (i int); create table audit (version text, n int)`);
  const surroundings = { projectDir: project.dir, environment: {}, log: silentLog, database: "x" };
  const run = openHooks({ after_migration: hooks ?? [] }, { ...surroundings, direction: "up" });
  const migration = { version: "001", name: "a" };
  const error = await db
    .transaction(async () => {
      await db.run(sql`insert into a values (1), (2)`);
      await run.fire("after_migration", { migration }, client(db));
    })
    .catch((reason: unknown) => reason);
  const rows = await db.rows(sql`select (select count(*)::int from a) as a, version, n from audit`);
  return { error, rows, outcomes: run.outcomes };
}

test("a module's hook reads and writes in the migration's transaction", async () => {
  const { error, rows } = await migrateWith([module("audit.mjs")]);
  expect({ error, rows }).toEqual({ error: undefined, rows: [{ a: 2, version: "001", n: 2 }] });
});

test("one that fails takes the migration along", async () => {
  const { error, rows } = await migrateWith([module("audit.mjs"), module("broken.mjs")]);
  expect(error).toMatchObject({ code: "HOOK_1101", context: { migration: "001" } });
  expect(String(error)).toMatch(/no_such_table.*; migration 001 is undone$/);
  expect(rows).toEqual([]);
});

test("one that may fail leaves no trace of itself, and the migration whole", async () => {
  const { error, rows, outcomes } = await migrateWith([
    module("broken.mjs", "warn"),
    module("audit.mjs", "warn"),
  ]);
  expect({ error, rows }).toEqual({ error: undefined, rows: [{ a: 2, version: "001", n: 2 }] });
  expect(outcomes).toMatchObject([{ ok: false }, { ok: true }]);
});
