import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const ONE = migrationFiles({ "1_a": ["create table a ()", "drop table a"] });

test.each([
  ["up", "Did you mean `confiture migrate up`? See `confiture --help`."],
  ["migrate verify-checksums", "Did you mean `confiture verify-checksums`? See `confiture migrate --help`."],
  ["migrat up", "Did you mean `confiture migrate`? See `confiture --help`."],
  ["migrate upp", "Did you mean `confiture migrate up`? See `confiture migrate --help`."],
  ["migrate rewind", "See `confiture migrate --help`."],
  ["migrate up --taget 5", "Did you mean --target? See `confiture migrate up --help`."],
  ["migrate up --batched", "Leave it out: nothing is cut into batches."],
  ["migrate up -v", "Leave it out: every migration is told on stderr"],
  ["migrate reinit -e a -c b", "See `confiture migrate reinit --help`."],
])("confiture %s: what to do next", async (words, remedy) => {
  const { exit, out, err } = await cli(".", words);
  expect([exit, out]).toEqual([5, ""]);
  expect(err).toMatch(/^error CONFIG_008: [^\n]+\n {2}[^\n]+\n$/);
  expect(err).toContain(`\n  ${remedy}`);
});

test.each([
  ["--steps x", "--steps: x is no number"],
  ["--steps 0", "--steps: 0 is less than 1"],
  ["--steps 1.5", "--steps: 1.5 is no whole number"],
])("a number that is none: %s", async (flag, message) => {
  expect((await cli(".", `migrate down ${flag}`)).err).toContain(`error CONFIG_008: ${message}\n`);
});

test("a group of commands by itself prints its help", async () => {
  const { exit, out } = await cli(".", "migrate");
  expect(exit).toBe(0);
  expect(out).toContain("Apply pending migrations");
});

test("--exit-codes-json is the table of --exit-codes", async () => {
  const { json } = await cli(".", "--exit-codes-json");
  const codes = json["exit_codes"] as { code: number; class: string; meaning: string }[];
  expect(codes.map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(codes[6]).toMatchObject({ class: "lock_contention" });
  const { out } = await cli(".", "--exit-codes");
  for (const { code, meaning } of codes) expect(out).toContain(`${code}  ${meaning}\n`);
});

test("text in a file: stdout stays empty, and stderr says where it is", async () => {
  using project = testProject(ONE);
  const answer = await cli(project.dir, "migrate validate --output report.txt");
  expect(answer).toMatchObject({ exit: 0, out: "", err: "wrote report.txt\n" });
  expect(readFileSync(project.path("report.txt"), "utf8")).toContain("The migration files pass.");
});

test("a result file that cannot be written is refused before anything is done", async () => {
  await using database = await testDatabase();
  using project = testProject(ONE);
  const run = (words: string) => cli(project.dir, words, { CONFITURE_DATABASE_URL: database.url });
  for (const file of ["nowhere/up.json", "db"]) {
    const { exit, json } = await run(`migrate up --format json --output ${file}`);
    expect(exit).toBe(5);
    expect(json.error).toMatchObject({ code: "CONFIG_004", file });
  }
  expect((await run("migrate status")).exit).toBe(2);
});

test("a directory without migrations is asked about", async () => {
  await using database = await testDatabase();
  using project = testProject({ "old/1_a.up.sql": "select 1", "db/migrations/.keep": "" });
  const environment = { CONFITURE_DATABASE_URL: database.url };
  for (const words of ["migrate status", "migrate validate", "migrate preflight --static"]) {
    const { err } = await cli(project.dir, words, environment);
    expect(err).toContain("hint: There are no migrations in");
  }
});

test("init in a new folder says to go there", async () => {
  using project = testProject();
  expect((await cli(project.dir, `init shop`)).out).toMatch(/\nNext: cd \S*shop, then confiture build/);
});

test("a config file where it is not looked for is named", async () => {
  using project = testProject({ ...ONE, "confiture.yaml": "database_url: embedded\n" });
  const { err } = await cli(project.dir, "migrate up");
  expect(err).toContain("Give --config confiture.yaml, which is read only where it is named.");
});

test("what `apply_as` needs is needed by apply-as alone", async () => {
  await using database = await testDatabase();
  using project = testProject({
    ...ONE,
    "c.yaml": `database_url: ${database.url}\napply_as:\n  admin:\n    url: \${ADMIN_URL}\n`,
  });
  expect((await cli(project.dir, "migrate up -c c.yaml")).exit).toBe(0);
  for (const words of ["migrate apply-as admin 1 -c c.yaml", "validate-config -c c.yaml"]) {
    const { exit, out, err } = await cli(project.dir, words);
    expect(exit).toBe(5);
    expect(out + err).toContain("apply_as.admin.url needs ${ADMIN_URL}, which is not set");
  }
});

test("from another folder the missing directory is told beside the missing files", async () => {
  await using database = await testDatabase();
  using project = testProject(ONE);
  using elsewhere = testProject();
  const environment = { CONFITURE_DATABASE_URL: database.url };
  await cli(project.dir, "migrate up", environment);
  const { out, err } = await cli(elsewhere.dir, "migrate status", environment);
  expect(out).toContain("missing");
  expect(err).toContain("db/migrations does not exist");
});

test("a Python migration is called by its name", async () => {
  using project = testProject({ ...ONE, "db/migrations/2_b.py": "class B: ..." });
  const { err } = await cli(project.dir, "migrate status");
  expect(err).toContain("2_b.py is a Python migration, which is never run");
});

test("a run that had to stop does not say that there is nothing to do", async () => {
  await using database = await testDatabase();
  using project = testProject(migrationFiles({ "1_a": "create table a ()" }));
  const { exit, out } = await cli(project.dir, "migrate up --require-reversible", {
    CONFITURE_DATABASE_URL: database.url,
  });
  expect(exit).toBe(1);
  expect(out).toMatch(/\nApplied 0 migration\(s\) in \d+ ms\. 1 still pending\.\n$/);
});
