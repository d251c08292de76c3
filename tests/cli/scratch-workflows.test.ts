import { existsSync, readdirSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const PROJECT = {
  ...migrationFiles({
    "1_a": ["create table a (id int)", "drop table a"],
    "2_b": ["create table b (id int)", "drop table b"],
    "3_c": ["create table c (id int)", "drop table c"],
  }),
  "db/schema/1.sql": "create table a (id int);\ncreate table b (id int);\ncreate table c (id int);\n",
};

async function bench() {
  const database = await testDatabase();
  const project = testProject(PROJECT);
  const environment = {
    CONFITURE_DATABASE_URL: database.url,
    CONFITURE_SCRATCH_URL: inject("serverUrl"),
  };
  return {
    project,
    database,
    run: (words: string) => cli(project.dir, words, environment),
    ask: async (text: string) => {
      await using db = await Connection.open(database.url);
      return await db.rows(sql.raw(text));
    },
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

test("introspect names the version, exits 0 also when there is none, and up records what it found", async () => {
  await using b = await bench();
  await b.ask("create table a (id int); create table b (id int)");
  const found = await b.run("migrate introspect");
  expect(found.exit).toBe(0);
  expect(found.out).toContain(
    "Compared 3 version(s), leaving out owner, grant, member-grant, default-privilege\n  2_b: exact\n",
  );
  expect(found.out).toContain("The database is exactly 2\nRun `confiture migrate baseline --through 2`");
  await b.ask("alter table b add by_hand int");
  const none = await b.run("migrate introspect --format json");
  expect(none).toMatchObject({ exit: 0, json: { detected_version: null, confidence: "none", compared: 3 } });
  const refused = await b.run("migrate up --auto-detect-baseline --format json");
  expect(refused).toMatchObject({ exit: 5, json: { error: { code: "BASELINE_001" } } });
  await b.ask("alter table b drop by_hand");
  const up = await b.run("migrate up --auto-detect-baseline --format json");
  expect(up).toMatchObject({ exit: 0, json: { applied: [{ version: "3" }], skipped: ["1", "2"] } });
});

test("flags that belong to --auto-detect-baseline are refused without it", async () => {
  await using b = await bench();
  for (const words of [
    "--snapshots-dir x",
    `--scratch-url ${inject("serverUrl")}`,
    "--auto-detect-baseline --force",
  ])
    expect(await b.run(`migrate up ${words} --format json`)).toMatchObject({
      exit: 5,
      json: { error: { code: "CONFIG_008" } },
    });
  expect(await b.run("migrate introspect --snapshots-dir nowhere --format json")).toMatchObject({
    exit: 5,
    json: { error: { code: "CONFIG_004" } },
  });
});

test("rebuild needs --yes, keeps the ledger's rows in the current folder, and says what it did", async () => {
  await using b = await bench();
  await b.run("migrate up --target 1");
  const asked = await b.run("migrate rebuild --drop-schemas");
  expect(asked.exit).toBe(5);
  expect(asked.err).toContain(`a rebuild would replace everything in`);
  expect(asked.err).toContain(b.database.name);
  expect((await b.run("migrate rebuild --drop-schemas --dry-run")).out).toBe(
    "Would drop schema public\nWould run 3 statement(s), and mark 3 migration(s) as applied\n",
  );
  const done = await b.run("migrate rebuild --drop-schemas --backup-tracking --verify -y");
  expect(done).toMatchObject({ exit: 0 });
  expect(done.out).toContain("Dropped schema public\nRan 3 statement(s), marked 3 migration(s) as applied\n");
  expect(
    readdirSync(b.project.dir).filter((f) => /^tb_confiture_backup_\d{8}T\d{6}Z\.json$/.test(f)),
  ).toHaveLength(1);
  expect((await b.run("migrate status")).exit).toBe(0);
});

test("protected: true guards a database", async () => {
  await using b = await bench();
  b.project.write("db/environments/local.yaml", `database_url: ${b.database.url}\nprotected: true\n`);
  const answer = await cli(b.project.dir, "migrate rebuild --yes --format json", {
    CONFITURE_SCRATCH_URL: inject("serverUrl"),
  });
  expect(answer).toMatchObject({ exit: 5, json: { error: { code: "CONFIG_008" } } });
});

test("squash needs no database, only a scratch server", async () => {
  await using b = await bench();
  b.project.write("db/environments/local.yaml", "database_url: ${NOT_SET}\n");
  const run = (words: string) =>
    cli(b.project.dir, `migrate squash ${words}`, { CONFITURE_SCRATCH_URL: inject("serverUrl") });
  expect((await run("--through 2 --dry-run --format json")).json).toMatchObject({
    proven: true,
    dry_run: true,
    squashed: [
      { version: "1", name: "a" },
      { version: "2", name: "b" },
    ],
  });
  const done = await run("--through 2 --name start");
  expect(done.exit).toBe(0);
  expect(done.out).toContain("Proven: the chain leads to the same catalog as before");
  expect(existsSync(b.project.path("db/migrations/2_start.down.sql"))).toBe(true);
  expect((await run("--through 2 --format json")).json).toMatchObject({ error: { code: "MIGR_114" } });
  expect((await run("--through 2 --database-url x")).exit).toBe(5);
});
