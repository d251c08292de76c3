import { describe, expect, test } from "vitest";
import { Connection } from "../../src/pg/connection.ts";
import { sql } from "../../src/sql/tag.ts";
import { testDatabase } from "../support/database.ts";
import { type CliAnswer, cli, migrationFiles, testProject } from "../support/project.ts";

const GOOD = migrationFiles({ "1_a": ["create table a ()", "drop table a"] });

/** One envelope on stdout, all eight keys, and the exit number of its code. */
function expectError(
  answer: CliAnswer,
  wanted: { code: string; exit: number; file?: string; line?: number },
): void {
  expect(answer.json).toMatchObject({ ok: false });
  const error = answer.json.error!;
  expect(Object.keys(error).toSorted()).toEqual([
    "actionable",
    "code",
    "details",
    "file",
    "line",
    "message",
    "migration",
    "severity",
  ]);
  expect({ code: error["code"], exit: answer.exit }).toEqual({ code: wanted.code, exit: wanted.exit });
  expect(String(error["actionable"]).length).toBeGreaterThan(10);
  if (wanted.file !== undefined) expect(String(error["file"])).toContain(wanted.file);
  if (wanted.line !== undefined) expect(error["line"]).toBe(wanted.line);
}

/** Run against an empty database of its own; gives the answer and the tables that are there afterwards. */
async function upOn(files: Record<string, string | Uint8Array>, words = "migrate up") {
  await using database = await testDatabase();
  using project = testProject();
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  const answer = await cli(project.dir, `${words} --format json`, { CONFITURE_DATABASE_URL: database.url });
  await using db = await Connection.open(database.url);
  const rows = await db.rows<{ name: string }>(
    sql`select tablename as name from pg_tables
        where schemaname = 'public' and tablename <> 'confiture_lock_holder'`,
  );
  return { answer, tables: rows.map((row) => row.name) };
}

describe("files", () => {
  test("a syntax error in line 4,000", async () => {
    const text = `${"select 1;\n".repeat(3999)}creat table b ();\n`;
    const { answer, tables } = await upOn({ ...GOOD, "db/migrations/2_b.up.sql": text });
    expectError(answer, { code: "MIGR_108", exit: 3, file: "2_b.up.sql", line: 4000 });
    expect(tables).toEqual([]);
  });

  test("a duplicate version", async () => {
    const { answer, tables } = await upOn({ ...GOOD, "db/migrations/1_b.up.sql": "select 1" });
    expectError(answer, { code: "MIGR_106", exit: 3 });
    expect(answer.json.error!["details"]).toMatchObject({ conflicting_files: ["1_a.up.sql", "1_b.up.sql"] });
    expect(tables).toEqual([]);
  });

  test("a COMMIT inside a migration", async () => {
    const { answer } = await upOn({
      "db/migrations/1_a.up.sql": "create table a ();\ncommit;\ncreate table b ();",
    });
    expectError(answer, { code: "MIGR_107", exit: 3, file: "1_a.up.sql", line: 2 });
  });

  test("a migration that fails half-way loses nothing and records nothing", async () => {
    const { answer, tables } = await upOn({
      ...GOOD,
      "db/migrations/2_b.up.sql": "create table b (i int);\n\ninsert into b values ('x');",
    });
    expectError(answer, { code: "MIGR_001", exit: 3, file: "2_b.up.sql", line: 3 });
    expect(answer.json.error!["details"]).toMatchObject({ applied: [{ version: "1" }], pending: ["2"] });
    expect(tables.toSorted()).toEqual(["a", "tb_confiture"]);
  });

  test("a file that is not UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from("select 1;\n-- caf"), Buffer.from([0xe9, 0x0a])]);
    const { answer } = await upOn({ "db/migrations/1_a.up.sql": bytes });
    expectError(answer, { code: "SCHEMA_205", exit: 4, file: "1_a.up.sql", line: 2 });
  });

  test("a psql command", async () => {
    const { answer } = await upOn({ "db/migrations/1_a.up.sql": "select 1;\n\\i other.sql\n" });
    expectError(answer, { code: "SCHEMA_207", exit: 4, file: "1_a.up.sql", line: 2 });
  });

  test("a missing directory", async () => {
    const { answer } = await upOn({}, "migrate up --migrations-dir nowhere");
    expectError(answer, { code: "CONFIG_004", exit: 5, file: "nowhere" });
  });

  test("a Python migration", async () => {
    const { answer } = await upOn({ ...GOOD, "db/migrations/2_b.py": "class B: ..." });
    expectError(answer, { code: "MIGR_109", exit: 3, file: "2_b.py" });
  });
});

describe("databases", () => {
  const withUrl = async (url: string, words = "migrate up") => {
    using project = testProject(GOOD);
    return await cli(project.dir, `${words} --format json`, { CONFITURE_DATABASE_URL: url });
  };

  test("an unreachable host", async () => {
    expectError(await withUrl("postgresql://me@127.0.0.1:1/x"), { code: "CONFIG_006", exit: 3 });
  });

  test("a database name that does not exist", async () => {
    await using database = await testDatabase();
    const answer = await withUrl(database.url.replace(database.name, "no_such_database"));
    expectError(answer, { code: "CONFIG_006", exit: 3 });
    expect(answer.json.error!["message"]).toContain("no_such_database");
  });

  test("a read-only role", async () => {
    await using database = await testDatabase();
    await using admin = await Connection.open(database.url);
    const role = `reader_${database.name}`;
    await admin.run(
      sql.raw(`create role ${role} login; alter role ${role} set default_transaction_read_only = on`),
    );
    try {
      const answer = await withUrl(database.url.replace("postgres@", `${role}@`));
      expectError(answer, { code: "MIGR_012", exit: 3 });
      expect(answer.json.error!["details"]).toMatchObject({ sqlstate: "25006" });
      await admin.run(sql`create table tb_confiture (version text)`);
      const status = await withUrl(database.url.replace("postgres@", `${role}@`), "migrate status");
      expectError(status, { code: "MIGR_012", exit: 3 });
    } finally {
      await admin.run(sql.raw(`drop role ${role}`));
    }
  });

  test("a malformed connection string, whose password is not echoed", async () => {
    const answer = await withUrl("postgresql://me:s3cret@host:port/x");
    expectError(answer, { code: "CONFIG_003", exit: 5 });
    expect(answer.out + answer.err).not.toContain("s3cret");
  });
});

describe("config and usage", () => {
  const inProject = async (files: Record<string, string>, words: string, environment = {}) => {
    using project = testProject(files);
    return await cli(project.dir, `${words} --format json`, environment);
  };
  const local = "db/environments/local.yaml";

  test("a broken YAML file", async () => {
    const answer = await inProject({ [local]: "database_url: x\n  bad: [\n" }, "migrate status");
    expectError(answer, { code: "CONFIG_002", exit: 5, file: local });
  });

  test("several wrong keys, told at once with their lines", async () => {
    const text = "database_url: embedded\ninclude_dir: [db]\nmigration:\n  tracking_tabel: x\n";
    const answer = await inProject({ [local]: text }, "migrate status");
    expectError(answer, { code: "CONFIG_002", exit: 5, file: local, line: 2 });
    expect(answer.json.error!["message"]).toContain("tracking_tabel");
  });

  test("no database at all", async () => {
    expectError(await inProject(GOOD, "migrate up"), { code: "CONFIG_004", exit: 5 });
    expectError(await inProject(GOOD, "migrate up --no-config"), { code: "CONFIG_010", exit: 5 });
  });

  test.each([
    "migrate status --no-config -c db/environments/local.yaml",
    "migrate status -c db/environments/local.yaml --no-config",
    "migrate up --no-config --env local",
    "migrate generate x --snapshot --no-snapshot",
    "build --no-two-pass --two-pass",
  ])("flags that exclude each other, in either order: %s", async (words) => {
    const files = { ...GOOD, [local]: "database_url: postgresql://me@127.0.0.1:1/x\n" };
    const answer = await inProject(files, words, { DATABASE_URL: "postgresql://me@127.0.0.1:1/y" });
    expectError(answer, { code: "CONFIG_008", exit: 5 });
  });

  test.each([
    "migrate up --nonsense",
    "migrate up --lock-timeout soon",
    "migrate down --steps 0",
    "migrate down-to",
    "migrate nothing",
    "build --format xml",
  ])("%s", async (words) => {
    using project = testProject(GOOD);
    const answer = await cli(project.dir, words.includes("--format") ? words : `${words} --format json`);
    expect(answer.exit).toBe(5);
    if (!words.includes("xml")) expectError(answer, { code: "CONFIG_008", exit: 5 });
  });

  test("a schema file with a syntax error, an unterminated string, and none at all", async () => {
    const build = (files: Record<string, string>) =>
      inProject({ [local]: "database_url: embedded\n", ...files }, "build");
    expectError(await build({ "db/schema/a.sql": "select 1;\nselect 'open;\n" }), {
      code: "SCHEMA_206",
      exit: 4,
      file: "db/schema/a.sql",
      line: 2,
    });
    expectError(await build({}), { code: "SCHEMA_201", exit: 4 });
  });
});
