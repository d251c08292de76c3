import { inject, expect, test } from "vitest";
import { dropSandbox } from "../../../src/coordinate/sandbox/sandboxes.ts";
import { silentLog } from "../../../src/base/log.ts";
import { ensureLedger } from "../../../src/migrate/ledger/ledger.ts";
import { Connection } from "../../../src/pg/connection.ts";
import { sql } from "../../../src/sql/tag.ts";
import { createSandbox } from "../../../src/workflows/sandbox.ts";
import { testDatabase } from "../../support/database.ts";
import { testProject } from "../../support/project.ts";

const scratch = { url: inject("serverUrl") };
const ttlMs = 24 * 3_600_000;

const ask = async (url: string, text: string) => {
  await using db = await Connection.open(url);
  return await db.rows<Record<string, unknown>>(sql.raw(text));
};

test("the DDL files are built once, and copied for every sandbox after the first, also for two at once", async () => {
  using project = testProject({ "db/schema/1.sql": "create table a (id int);\ncreate view v as table a;\n" });
  const lines: string[] = [];
  const log = { ...silentLog, info: (line: string) => void lines.push(line) };
  const schema = { projectDir: project.dir, includeDirs: [{ path: "db/schema" }] };
  const make = () => createSandbox({ schema, log }, { ttlMs, scratch, intent: "i" });
  const made = [await make(), ...(await Promise.all([make(), make()]))];
  expect(lines.filter((line) => line.startsWith("building"))).toHaveLength(1);
  expect(new Set(made.map(({ url }) => url)).size).toBe(3);
  expect(made[0]).toMatchObject({ from: "schema", intent: "i", agent: null });
  await ask(made[1]!.url, "insert into a values (1)");
  expect(await ask(made[1]!.url, "table v")).toEqual([{ id: 1 }]);
  expect(await ask(made[2]!.url, "table v")).toEqual([]);
  for (const { name } of made) await dropSandbox(name, scratch);
});

const targetOf = (url: string) => ({
  url,
  environment: {},
  trackingTable: "tb_confiture",
  migrationsDir: "none",
  log: silentLog,
});

test("of a live database it has the structure, and neither rows nor the ledger", async () => {
  await using live = await testDatabase();
  await using db = await Connection.open(live.url);
  await ensureLedger(db, "tb_confiture");
  await ask(live.url, "create table a (id int primary key, e text check (e like '%@%'))");
  await ask(live.url, "insert into a values (1, 'ann@example.org')");
  const { name, url, from } = await createSandbox(
    { database: targetOf(live.url) },
    { ttlMs, scratch, agent: "ann" },
  );
  expect(from).toContain(`/${live.name}`);
  expect(await ask(url, "table a")).toEqual([]);
  await expect(ask(url, "insert into a values (1, 'x')")).rejects.toMatchObject({ code: "SQL_001" });
  expect(await ask(url, "select to_regclass('tb_confiture') as found")).toEqual([{ found: null }]);
  await dropSandbox(name, scratch);
});

test("an empty database gives an empty one; files that do not build leave none", async () => {
  await using live = await testDatabase();
  const { name, url } = await createSandbox({ database: targetOf(live.url) }, { ttlMs, scratch });
  expect(await ask(url, "select 1 from pg_class where relnamespace = 'public'::regnamespace")).toEqual([]);
  await dropSandbox(name, scratch);
  using project = testProject({ "db/schema/1.sql": "create table a (id nothing);\n" });
  const schema = { projectDir: project.dir, includeDirs: [{ path: "db/schema" }] };
  await expect(
    createSandbox({ schema, log: silentLog }, { ttlMs, scratch, intent: "broken" }),
  ).rejects.toMatchObject({
    code: "SCHEMA_202",
  });
  expect(
    await ask(scratch.url, String.raw`select from pg_database where datname like 'sandbox\_broken\_%'`),
  ).toEqual([]);
});
