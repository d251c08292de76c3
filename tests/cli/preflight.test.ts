import { expect, inject, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { cli, migrationFiles, testProject } from "../support/project.ts";

const FILES = migrationFiles({
  "1_a": ["create table a (id int); create table b (id int)", "drop table b, a"],
  "2_b": ["create index a_id on a (id);\ncreate index b_id on b (id)", "drop index b_id, a_id"],
});

test.each([
  ["--static --against postgresql://h/x", "--against"],
  ["--static --scratch-url postgresql://h/x", "--scratch-url"],
  ["--static --allow-non-transactional", "--allow-non-transactional"],
  ["--allow-non-transactional", "--allow-non-transactional needs a copy"],
  ["--static --check-dependents maybe", "maybe"],
])("preflight %s is refused", async (words, said) => {
  using project = testProject(FILES);
  const { exit, json } = await cli(project.dir, `migrate preflight ${words} --format json`);
  expect(exit).toBe(5);
  expect(json).toMatchObject({ error: { code: "CONFIG_008", message: expect.stringContaining(said) } });
});

test("a ledger is asked only where its database was named on purpose", async () => {
  await using database = await testDatabase();
  const local = { "db/environments/local.yaml": `database_url: ${database.url}\n` };
  using project = testProject({ ...FILES, ...local });
  expect((await cli(project.dir, "migrate up --target 1")).exit).toBe(0);
  const checked = async (words: string, environment: Record<string, string> = {}) => {
    const run = `migrate preflight --static --format json ${words}`;
    const { json } = await cli(project.dir, run, environment);
    return (json as { summary: Record<string, number> }).summary["migrations_checked"];
  };
  expect(await checked("")).toBe(2);
  expect(await checked("", { DATABASE_URL: database.url })).toBe(2);
  expect(await checked("--config db/environments/local.yaml")).toBe(1);
  expect(await checked("--env local")).toBe(1);
  expect(await checked(`--database-url ${database.url}`)).toBe(1);
  expect(await checked("", { CONFITURE_DATABASE_URL: database.url })).toBe(1);
  expect(await checked("--no-config", { DATABASE_URL: database.url })).toBe(1);
});

test("a default file whose database cannot be known does not matter; a named one that is down does", async () => {
  const yaml = "database_url: ${NOT_SET}\ninfrastructure:\n  replicas: [standby]\n";
  using project = testProject({ ...FILES, "db/environments/local.yaml": yaml });
  expect((await cli(project.dir, "migrate preflight --static")).exit).toBe(0);
  const down = { CONFITURE_DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" };
  const answer = await cli(project.dir, "migrate preflight --static --format json", down);
  expect(answer).toMatchObject({ exit: 3, json: { error: { code: "CONFIG_006" } } });
});

test("the config file's replicas turn findings into errors, its permission turns them back; text tells each once", async () => {
  await using database = await testDatabase();
  const environment = { CONFITURE_DATABASE_URL: database.url };
  using project = testProject(FILES);
  await cli(project.dir, "migrate up --target 1", environment);
  const check = (words = "") => cli(project.dir, `migrate preflight --static${words}`, environment);
  const warned = await check();
  expect(warned.exit).toBe(0);
  expect(warned.out.match(/PFLIGHT_REPLICA_CREATE_INDEX: 2 statements/g)).toHaveLength(1);
  expect(warned.out).toContain("Checked the files of 1 migration(s); ran nothing");
  expect((await check(" --strict")).exit).toBe(7);
  project.write("db/environments/local.yaml", "infrastructure: {replicas: [standby]}\n");
  const refused = await check();
  expect(refused).toMatchObject({
    exit: 7,
    out: expect.stringContaining("error PFLIGHT_REPLICA_CREATE_INDEX"),
  });
  expect(refused.err).not.toContain("does nothing");
  project.write(
    "db/environments/local.yaml",
    "infrastructure: {replicas: [standby]}\nmigration: {allow_unsafe_under_replication: true}\n",
  );
  expect((await check()).exit).toBe(0);
});

test("status --check-rebuild: threshold by flag and by file; without the check it is refused", async () => {
  await using database = await testDatabase();
  using project = testProject({
    ...FILES,
    "db/environments/local.yaml": "migration: {rebuild_threshold: 2}\n",
  });
  const run = (words: string) =>
    cli(project.dir, `migrate status ${words}`, { CONFITURE_DATABASE_URL: database.url });
  expect((await run("--format json")).json).not.toHaveProperty("rebuild_recommended");
  expect((await run("--check-rebuild --format json")).json).toMatchObject({ rebuild_recommended: true });
  expect((await run("--check-rebuild --rebuild-threshold 3 --format json")).json).toMatchObject({
    rebuild_recommended: false,
    rebuild_reasons: [],
  });
  expect((await run("--check-rebuild")).out).toContain("A rebuild is advised:\n  2 migrations are pending");
  expect((await run("--check-rebuild --rebuild-threshold 3")).out).toContain("No rebuild is advised.");
  expect((await run("--rebuild-threshold 3 --format json")).exit).toBe(5);
});

test("each sort of difference is told what to do about once, on stderr", async () => {
  using project = testProject({ ...FILES, "db/schema/1.sql": "create table c (id int);\n" });
  const { exit, out, err } = await cli(project.dir, "migrate preflight", {
    CONFITURE_SCRATCH_URL: inject("serverUrl"),
  });
  expect(exit).toBe(7);
  expect(out).toContain("- table public.c");
  expect(err.match(/^hint: \+ Add it to the DDL files/gm)).toHaveLength(1);
  expect(err.match(/^hint: - Write a migration that makes it/gm)).toHaveLength(1);
});
