import { readdirSync, readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { commit, git, gitEnvironment } from "../support/git.ts";
import { cli, migrationFiles, type Project, testProject } from "../support/project.ts";

const TWO = migrationFiles({
  "1_a": ["create table a ()", "drop table a"],
  "2_b": ["create table b ()", "drop table b"],
});

const SUM = "db/migrations/migrations.sum";

const stems = (project: Project) =>
  readFileSync(project.path(SUM), "utf8")
    .split("\n")
    .slice(1, -2)
    .map((line) => line.split(" ")[0]!.replace(/^\d{14}/, "TIME"));

const ENVIRONMENT = { CONFITURE_SCRATCH_URL: inject("serverUrl") };

test("whatever writes or renames migrations writes migrations.sum with them", async () => {
  using project = testProject({ ...TWO, "old/3_c.sql": "-- migrate:up\nselect 1;\n" });
  const run = async (words: string) => {
    const answer = await cli(project.dir, words, ENVIRONMENT);
    expect(answer, answer.err).toMatchObject({ exit: 0 });
    expect((await cli(project.dir, "migrate validate --check naming --linear")).exit).toBe(0);
    return answer;
  };
  expect((await run("migrate validate --linear --fix")).out).toContain(`wrote ${project.path(SUM)}\n`);
  expect(stems(project)).toEqual(["1_a", "2_b"]);
  await run("import dbmate old");
  expect(stems(project)).toEqual(["1_a", "2_b", "3_c"]);
  project.write("db/migrations/4_d.sql", "create table d ()");
  await run("migrate validate --fix-naming");
  expect(stems(project)).toEqual(["1_a", "2_b", "3_c", "4_d"]);
  await run("migrate squash --through 3");
  expect(stems(project)).toEqual(["3_squashed", "4_d"]);
  await run("migrate generate add_e --no-snapshot");
  await run("migrate generate add_f --type ts --no-snapshot");
  const before = readFileSync(project.path(SUM), "utf8");
  await run("migrate generate add_g --dry-run --no-snapshot");
  expect(readFileSync(project.path(SUM), "utf8")).toBe(before);
  project.write("db/environments/local.yaml", "include_dirs: [db/schema]\n");
  project.write("db/schema/1.sql", "create table z ();");
  await run("migrate generate add_z --from-schema --allow data-loss");
  expect(stems(project)).toEqual(["3_squashed", "4_d", "TIME_add_e", "TIME_add_f", "TIME_add_z"]);
  expect(readdirSync(project.path("db/migrations")).filter((name) => name.startsWith("."))).toEqual([]);
});

test("two runs of generate at once leave a sum that matches", async () => {
  using project = testProject({ ...TWO, "db/environments/local.yaml": "migration: {linear: true}\n" });
  await cli(project.dir, "migrate validate --linear --fix");
  const runs = ["a", "b", "c", "d"].map((name) => cli(project.dir, `migrate generate ${name}`));
  expect((await Promise.all(runs)).map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
  expect(stems(project)).toHaveLength(6);
  expect((await cli(project.dir, "migrate validate")).exit).toBe(0);
});

test("off, nothing of it is there: neither a file nor a check", async () => {
  using project = testProject({ ...TWO, "db/environments/local.yaml": "migration: {linear: false}\n" });
  project.write(SUM, "not in use");
  await cli(project.dir, "migrate generate add_c --no-snapshot");
  expect(readFileSync(project.path(SUM), "utf8")).toBe("not in use");
  const { json } = await cli(project.dir, "migrate validate --format json");
  expect(json).toMatchObject({ status: "passed", sum_written: null });
  expect(Object.keys(json["checks"] as object)).toEqual(["duplicates", "naming", "orphans"]);
});

test("init --linear: the file and the key, and a second time nothing", async () => {
  using project = testProject();
  const first = await cli(project.dir, "init --linear --format json");
  expect(first.json["created"]).toContain(SUM);
  expect(readFileSync(project.path("db/environments/local.yaml"), "utf8")).toContain("  linear: true");
  expect(stems(project)).toEqual(["001_create_users"]);
  expect((await cli(project.dir, "init --linear --format json")).json).toMatchObject({ created: [] });
  expect((await cli(project.dir, "migrate validate --linear")).out).toContain("linear: passed\n");
  project.write("db/migrations/001_create_users.up.sql", "select 1");
  const refused = await cli(project.dir, "migrate preflight --static");
  expect(refused.exit).toBe(3);
  expect(refused.err).toMatch(/^error MIGR_115: .*001_create_users.up.sql or its .down.sql is not what/);
  expect(refused.err).toContain("confiture migrate validate --linear --fix");
});

test("rebase tells people what it did, and validate --base that it was needed", async () => {
  using project = testProject(TWO);
  const run = (words: string) => cli(project.dir, words, { ...ENVIRONMENT, ...gitEnvironment(project) });
  await run("migrate validate --linear --fix");
  git(project, "init", "-q", "-b", "trunk");
  commit(project);
  git(project, "checkout", "-qb", "mine");
  project.write("db/migrations/2_c.up.sql", "create table c ()");
  project.write("db/environments/local.yaml", "migration: {base: trunk}\n");
  const judged = await run("migrate validate --check naming --linear --base trunk");
  expect(judged).toMatchObject({ exit: 1 });
  expect(judged.out).toContain("linear: failed\n  error MIGR_115: ");
  expect(judged.out).toContain("2_c.up.sql does not come after 2_b, the newest of trunk");
  expect((await run("migrate rebase --dry-run")).out).toMatch(/^would rename 2_c.up.sql to 3_c.up.sql\n/);
  const done = await run("migrate rebase");
  expect(done.out).toBe(
    `renamed 2_c.up.sql to 3_c.up.sql\nwrote ${project.path(SUM)}\n1 migration(s) of this branch stand behind 2_b of trunk\nProven: all 3 run on a scratch database\n`,
  );
  expect(done.err).toContain("hint: No database was named");
  expect((await run("migrate validate --linear --base trunk")).exit).toBe(0);
});
