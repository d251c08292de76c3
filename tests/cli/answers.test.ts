import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { Migrator } from "../../src/index.ts";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const TWO = migrationFiles({
  "1_a": ["create table a ()", "drop table a"],
  "2_b": ["create table b ()", "drop table b"],
});

test("status: exit 2 without a ledger, 1 with pending, 0 when all is applied", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  expect((await run("migrate status")).exit).toBe(2);
  expect((await run("migrate up --target 1")).exit).toBe(0);
  expect((await run("migrate status")).exit).toBe(1);
  expect((await run("migrate up")).exit).toBe(0);
  expect((await run("migrate status")).exit).toBe(0);
  expect((await run("migrate status --format csv")).out).toBe(
    "version,name,status\n1,a,applied\n2,b,applied\n",
  );
  expect((await run("migrate status --format table")).out).toContain("2 applied, 0 pending, 2 on disk");
});

test("status: a rollback that stopped half-way is exit 1, although nothing is pending", async () => {
  await using database = await testDatabase();
  const down = "-- confiture: no-transaction\ndrop table a; drop table nowhere;";
  using project = testProject(migrationFiles({ "1_a": ["create table a ()", down] }));
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  expect((await run("migrate up")).exit).toBe(0);
  expect((await run("migrate down")).exit).toBe(3);
  const answer = await run("migrate status");
  expect(answer).toMatchObject({ exit: 1, err: expect.stringContaining("1 a (down) stopped after 1 of 2") });
});

test("the invocation of deploy adapters: file first, nothing on stdout", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const run = (words: string) =>
    cli(project.dir, `${words} --no-config --format json --output out.json`, {
      CONFITURE_DATABASE_URL: database.url,
    });
  const report = () => JSON.parse(readFileSync(project.path("out.json"), "utf8")) as Record<string, unknown>;
  expect(await run("migrate up --migrations-dir db/migrations")).toMatchObject({ exit: 0, out: "" });
  expect(report()).toMatchObject({ applied: [{ version: "1" }, { version: "2" }] });
  expect(await run("migrate current")).toMatchObject({ exit: 0, out: "" });
  expect(report()).toMatchObject({ revision: "2" });
  expect((await run("migrate current --migrations-dir x")).exit).toBe(5);
  await run("migrate down-to 1 --migrations-dir db/migrations");
  expect(report()).toMatchObject({ from: "2", to: "1", rolled_back: [{ version: "2" }] });
  expect((await run("migrate down-to 9 --migrations-dir db/migrations")).exit).toBe(3);
  expect(report()).toMatchObject({ ok: false, error: { code: "MIGR_100" } });
});

test("in JSON mode stdout is one document, also when there is nothing to do", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  for (const words of [
    "migrate up",
    "migrate up",
    "migrate down --steps 2",
    "migrate down",
    "migrate baseline --through 1",
  ]) {
    const answer = await cli(project.dir, `${words} --format json`, { CONFITURE_DATABASE_URL: database.url });
    expect(answer.json).toMatchObject({ success: true });
  }
});

test("DATABASE_URL alone is enough to deploy, and what it names is said", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const answer = await cli(project.dir, "migrate up", { DATABASE_URL: database.url });
  expect(answer.exit).toBe(0);
  expect(answer.err).toContain(database.name);
});

test("a config file wins over an ambient DATABASE_URL; an explicit one and CONFITURE_DATABASE_URL are refused", async () => {
  await using database = await testDatabase();
  using project = testProject({ ...TWO, "db/environments/local.yaml": `database_url: ${database.url}\n` });
  const ambient = { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/elsewhere" };
  expect((await cli(project.dir, "migrate up", ambient)).exit).toBe(0);
  const both = { CONFITURE_DATABASE_URL: database.url };
  const answer = await cli(project.dir, "migrate up -c db/environments/local.yaml --format json", both);
  expect(answer.json).toMatchObject({ error: { code: "CONFIG_007" } });
});

test("an injected CONFITURE_DATABASE_URL wins over the default config file", async () => {
  await using injected = await testDatabase();
  await using local = await testDatabase();
  using project = testProject({ ...TWO, "db/environments/local.yaml": `database_url: ${local.url}\n` });
  const own = { CONFITURE_DATABASE_URL: injected.url };
  expect((await cli(project.dir, "migrate up", own)).exit).toBe(0);
  expect((await cli(project.dir, "migrate current", own)).out).toBe("2\n");
  expect((await cli(project.dir, "migrate current")).exit).toBe(2);
});

test.each([
  ["a file that only names the database", "", undefined],
  ["a file with an unknown key", "include_dir: [db]\n", "CONFIG_002"],
])("%s is the same to the command line and to the library", async (_what, more, code) => {
  await using database = await testDatabase();
  const file = "db/environments/local.yaml";
  using project = testProject({ ...TWO, [file]: `database_url: ${database.url}\n${more}` });
  const answer = await cli(project.dir, "migrate up --target 1 --format json");
  expect(answer.json.error?.["code"]).toBe(code);
  const options = { migrationsDir: project.path("db/migrations") };
  const session = Migrator.fromConfig(project.path(file), options);
  if (code !== undefined) return await expect(session).rejects.toMatchObject({ code });
  await using migrator = await session;
  expect(await migrator.currentRevision()).toMatchObject({ version: "1" });
  expect((await migrator.up()).applied).toMatchObject([{ version: "2" }]);
});

test("baseline prints a line per migration and the totals", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const run = () =>
    cli(project.dir, "migrate baseline --through 2", { CONFITURE_DATABASE_URL: database.url });
  expect((await run()).out).toBe(
    "1 a (marked as applied)\n2 b (marked as applied)\nMarked 2 migration(s) as applied, skipped 0 already applied\n",
  );
  expect((await run()).out).toBe("Marked 0 migration(s) as applied, skipped 2 already applied\n");
});

test("current prints the bare version", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  expect((await run("migrate current")).exit).toBe(2);
  await run("migrate up");
  expect((await run("migrate current")).out).toBe("2\n");
  await run("migrate down --steps 2");
  expect((await run("migrate current")).out).toBe("\n");
});

test("a progress line per migration goes to stderr", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const answer = await cli(project.dir, "migrate up", { CONFITURE_DATABASE_URL: database.url });
  expect(answer.err).toMatch(/^applied 1 a \(\d+ ms\)\napplied 2 b \(\d+ ms\)\n$/);
  expect(answer.out).toMatch(/^Applied 2 migration\(s\) in \d+ ms\.\n$/);
});

test("--version, --exit-codes, --help and an unknown command", async () => {
  expect((await cli(".", "--version")).out).toMatch(/^confiture version \d+\.\d+\.\d+\n$/);
  expect((await cli(".", "--exit-codes")).out).toContain("2  The ledger does not exist");
  expect((await cli(".", "--help")).out).toContain("migrate");
  expect(await cli(".", "migrate up --help")).toMatchObject({
    exit: 0,
    out: expect.stringContaining("--lock-timeout"),
  });
  expect(await cli(".", "migrat up")).toMatchObject({ exit: 5, err: expect.stringContaining("CONFIG_008") });
});

test("build: another folder, a report file, CSV, two-pass by config and by flag", async () => {
  using project = testProject({
    "shop/db/environments/local.yaml": "database_url: ${NOT_NEEDED}\nbuild:\n  two_pass: true\n",
    "shop/db/schema/1.sql": "create table x (a_id int references a);\n",
    "shop/db/schema/2.sql": "create table a (id int primary key);\n",
  });
  const text = () => readFileSync(project.path("shop/db/generated/schema_local.sql"), "utf8");
  const answer = await cli(
    project.dir,
    "build --project-dir shop --show-hash --format csv --report report.csv",
  );
  expect(answer).toMatchObject({ exit: 0, out: "" });
  expect(readFileSync(project.path("report.csv"), "utf8")).toMatch(
    /^metric,value\nsuccess,true\nfiles_processed,2\n[^]*hash,v1:/,
  );
  expect(text()).toContain("foreign keys (second pass)");
  await cli(project.dir, "build --project-dir shop --no-two-pass");
  expect(text()).not.toContain("second pass");
});

test.each(["bash", "zsh", "fish"])("completion for %s knows every command", async (shell) => {
  const { out, exit } = await cli(".", `completion ${shell}`);
  expect(exit).toBe(0);
  for (const path of Object.keys(COMMANDS)) expect(out).toContain(path.split(" ").at(-1));
  expect(out).toContain("lock-timeout");
});
