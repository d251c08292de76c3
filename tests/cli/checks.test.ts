import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const TWO = migrationFiles({
  "1_a": ["create table a ()", "drop table a"],
  "2_b": ["create table b ()", "drop table b"],
});

test("reinit tells what it would do and asks for --yes; a dry run does not need it", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  await run("migrate up --target 1");
  const asked = await run("migrate reinit --format json");
  expect(asked.exit).toBe(5);
  expect(asked.json.error).toMatchObject({
    code: "CONFIG_008",
    details: { deleted_count: 1, marked: ["1", "2"] },
  });
  expect((await run("migrate reinit --dry-run")).out).toBe(
    "1 a (would be marked as applied)\n2 b (would be marked as applied)\nWould forget 1 row(s) and mark 2 migration(s) as applied\n",
  );
  expect((await run("migrate current")).out).toBe("1\n");
  const done = await run("migrate reinit -y --through 2_b --format json");
  expect(done.json).toMatchObject({
    success: true,
    deleted_count: 1,
    marked: [{ version: "1" }, { version: "2" }],
  });
  expect((await run("migrate current")).out).toBe("2\n");
});

test("reinit refuses a protected environment, but shows what it would do", async () => {
  await using database = await testDatabase();
  const config = `database_url: ${database.url}\nprotected: true\n`;
  using project = testProject({ ...TWO, "db/environments/prod.yaml": config });
  const answer = await cli(project.dir, "migrate reinit --yes --env prod");
  expect(answer).toMatchObject({ exit: 5, err: expect.stringContaining("says protected: true") });
  expect((await cli(project.dir, "migrate reinit --dry-run --env prod")).exit).toBe(0);
});

test("verify-checksums: 2 without a ledger, 1 with a mismatch, 0 once it is fixed", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  expect(await run("verify-checksums")).toMatchObject({ exit: 2, out: "" });
  expect((await run("verify-checksums --allow-uninitialized")).exit).toBe(0);
  await run("migrate up");
  expect((await run("verify-checksums")).out).toBe("Checked 2 applied migration(s): no mismatch\n");
  project.write("db/migrations/2_b.up.sql", "create table b (id int)");
  const answer = await run("verify-checksums");
  expect(answer.exit).toBe(1);
  expect(answer.out).toContain("2_b.up.sql was edited after it was applied");
  expect((await run("migrate up")).exit).toBe(3);
  const fixed = await run("verify-checksums --fix --format json");
  expect(fixed).toMatchObject({ exit: 0, json: { ok: true, ledger_present: true, fixed: ["2"] } });
  expect((await run("migrate up")).exit).toBe(0);
  expect((await run("verify-checksums --no-lock")).exit).toBe(5);
});

test("verify is the old name of verify-checksums, and says so on stderr", async () => {
  await using database = await testDatabase();
  using project = testProject(TWO);
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  await run("migrate up");
  const answer = await run("verify --format json");
  expect(answer).toMatchObject({ exit: 0, json: { ok: true } });
  expect(answer.err).toContain("verify-checksums");
});

test("migrate verify: 2 without a ledger, 1 when an assertion fails, and --version means the migration", async () => {
  await using database = await testDatabase();
  using project = testProject({
    ...TWO,
    "db/migrations/1_a.verify.sql": "select true",
    "db/migrations/2_b.verify.sql": "select count(*) from b",
  });
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  expect((await run("migrate verify --format json")).json.error).toMatchObject({ code: "PRECON_1001" });
  expect((await run("migrate verify")).exit).toBe(2);
  expect((await run("migrate verify --allow-uninitialized")).exit).toBe(0);
  await run("migrate up");
  const answer = await run("migrate verify");
  expect(answer.exit).toBe(1);
  expect(answer.out).toMatch(
    /^verified 1 a\nfailed {3}2 b: answered 0 \(.*2_b\.verify\.sql\)\n1 verified, 1 failed, 0 without a \.verify\.sql\n$/,
  );
  const one = await run("migrate verify --version 1 --format json");
  expect(one).toMatchObject({ exit: 0, json: { verified_count: 1, total_applied: 2, ledger_present: true } });
});

test("migrate verify takes its database from a config file as from a flag", async () => {
  await using database = await testDatabase();
  const config = `database_url: ${database.url}\n`;
  using project = testProject({ ...TWO, "db/environments/prod.yaml": config });
  await cli(project.dir, `migrate up -d ${database.url}`);
  for (const named of ["-c db/environments/prod.yaml", "--env prod", `-d ${database.url}`]) {
    expect((await cli(project.dir, `migrate verify ${named}`)).exit).toBe(0);
  }
});

test("migrate validate: one report of all checks; warnings say no under --strict or strict_mode", async () => {
  using project = testProject({ ...TWO, "db/migrations/notes.sql": "" });
  const run = (words: string) => cli(project.dir, `migrate validate ${words}`);
  const plain = await run("--format json");
  expect(plain).toMatchObject({ exit: 0, json: { version: "1", status: "passed", fixed: [], hints: [] } });
  expect((await run("--strict")).exit).toBe(1);
  expect((await run("--strict --check naming,duplicates --check naming")).exit).toBe(0);
  project.write("db/migrations/2_c.up.sql", "select 1");
  const text = await run("");
  expect(text.exit).toBe(1);
  expect(text.out).toContain(
    "duplicates: failed\n  error MIGR_106: version 2 is claimed by 2_b.up.sql and 2_c.up.sql",
  );
  expect(text.out).toContain("orphans: passed\n  warning MIGR_102: notes.sql");
  expect(text.out).toContain("The migration files do not pass.\n");
  project.write("db/environments/local.yaml", "migration:\n  strict_mode: true\n");
  expect((await run("--check orphans")).exit).toBe(1);
});

test("migrate validate --fix-naming says what it did, reading the ledger where one is named", async () => {
  await using database = await testDatabase();
  using project = testProject({ ...TWO, "db/migrations/3_c.sql": "select 3" });
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  await run("migrate up");
  const preview = await run("migrate validate --fix-naming --dry-run");
  expect(preview).toMatchObject({ exit: 0, err: "" });
  expect(preview.out).toContain("would rename 3_c.sql to 3_c.up.sql\n");
  const fixed = await run("migrate validate --fix-naming --format json");
  expect(fixed.json).toMatchObject({ status: "passed", fixed: [["3_c.sql", "3_c.up.sql"]], errors: [] });
  expect((await run("migrate up --format json")).json).toMatchObject({ applied: [{ version: "3" }] });
});

test("migrate validate: flags that would do nothing are refused, as is a check that does not exist", async () => {
  using project = testProject(TWO);
  for (const words of [
    "--dry-run",
    "-d postgresql://x/y",
    "--list-checks --strict",
    "--check nope",
    "--check ,",
  ]) {
    const answer = await cli(project.dir, `migrate validate ${words} --format json`);
    expect(answer).toMatchObject({ exit: 5, json: { error: { code: "CONFIG_008" } } });
  }
  const listed = await cli(project.dir, "migrate validate --list-checks");
  expect(listed.out).toMatch(/^duplicates: .*\nnaming: .*\norphans: .*\n$/);
  expect((await cli(project.dir, "migrate validate --migrations-dir nowhere")).exit).toBe(5);
});
