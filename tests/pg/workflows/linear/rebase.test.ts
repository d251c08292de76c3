import { readdirSync, readFileSync, rmSync } from "node:fs";
import { expect, inject, test } from "vitest";
import type { ConfitureError } from "../../../../src/base/errors.ts";
import { findMigrations } from "../../../../src/migrate/files.ts";
import { generate } from "../../../../src/migrate/generate.ts";
import { sumMismatch } from "../../../../src/migrate/linear/check-sum.ts";
import { writeSum } from "../../../../src/migrate/linear/write-sum.ts";
import { up } from "../../../../src/migrate/up.ts";
import { rebase, type RebaseOptions } from "../../../../src/workflows/linear/rebase.ts";
import { orderIssues } from "../../../../src/workflows/linear/order-issues.ts";
import { commit, git, gitEnvironment, gitExit } from "../../../support/git.ts";
import { type Bench, testMigrations } from "../../../support/migrations.ts";
import { migrationFiles } from "../../../support/project.ts";

const ONE = { "001_users": ["create table users (id int)", "drop table users"] } as const;

type Files = Parameters<typeof migrationFiles>[0];

const dirOf = (bench: Bench) => bench.project.path("db/migrations");

const files = (bench: Bench) =>
  readdirSync(dirOf(bench)).filter((name) => !name.startsWith("001_") && name !== "migrations.sum");

/** Write migrations and the sum, and commit them. */
async function add(bench: Bench, migrations: Files): Promise<void> {
  for (const [file, text] of Object.entries(migrationFiles(migrations))) bench.project.write(file, text);
  await writeSum(dirOf(bench));
  commit(bench.project, Object.keys(migrations).join() || "nothing new");
}

/** `main` has what it had and these; the working tree is on `mine`, which has those. */
async function diverged(main: Files, mine: Files, before: Files = ONE): Promise<Bench> {
  const bench = await testMigrations(before);
  git(bench.project, "init", "-q", "-b", "main");
  await add(bench, {});
  git(bench.project, "checkout", "-qb", "mine");
  await add(bench, mine);
  git(bench.project, "checkout", "-q", "main");
  await add(bench, main);
  git(bench.project, "checkout", "-q", "mine");
  return bench;
}

const run = (bench: Bench, options: Partial<RebaseOptions> = {}) =>
  rebase(
    { ...bench.target, environment: gitEnvironment(bench.project) },
    {
      onto: "main",
      projectDir: bench.project.dir,
      scratch: { url: inject("serverUrl") },
      ...options,
    },
  );

const mismatch = async (bench: Bench) => sumMismatch(await findMigrations(dirOf(bench)))?.message;

const issues = async (bench: Bench, ref = "main") =>
  orderIssues(await findMigrations(dirOf(bench)), {
    ref,
    migrationsDir: dirOf(bench),
    projectDir: bench.project.dir,
    environment: gitEnvironment(bench.project),
  });

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as ConfitureError,
  );

const MINE = {
  "002_mine": ["alter table users add mine int", "alter table users drop mine"],
  "003_more": ["alter table users add more int", "alter table users drop more"],
} as const;
const THEIRS = {
  "002_theirs": ["alter table users add theirs int", "alter table users drop theirs"],
} as const;

test("after a merge that git stopped: this branch's migrations come after the base's, and the merge is done", async () => {
  await using bench = await diverged(THEIRS, MINE);
  expect(gitExit(bench.project, "merge", "-q", "main")).toBe(1);
  expect((await failure(up(bench.target)))?.code).toBe("MIGR_106");
  const result = await run(bench);
  expect(result).toMatchObject({
    success: true,
    onto: "main",
    newest: { version: "002", name: "theirs" },
    renamed: [
      {
        old_version: "002",
        version: "003",
        name: "mine",
        files: [
          ["002_mine.up.sql", "003_mine.up.sql"],
          ["002_mine.down.sql", "003_mine.down.sql"],
        ],
      },
      { old_version: "003", version: "004", name: "more" },
    ],
    kept: [],
    missing: [],
    migrations_run: 4,
    sum_file: `${dirOf(bench)}/migrations.sum`,
    dry_run: false,
    hints: [expect.stringContaining("No database was named")],
  });
  expect(files(bench)).toEqual([
    "002_theirs.down.sql",
    "002_theirs.up.sql",
    "003_mine.down.sql",
    "003_mine.up.sql",
    "004_more.down.sql",
    "004_more.up.sql",
  ]);
  expect(readdirSync(bench.project.path("db"))).toEqual(["migrations"]);
  expect(await mismatch(bench)).toBeUndefined();
  commit(bench.project, "merged");
  expect(git(bench.project, "diff", "-M", "--diff-filter=R", "--name-status", "HEAD^1", "HEAD")).toContain(
    "R100\tdb/migrations/002_mine.up.sql\tdb/migrations/003_mine.up.sql\n",
  );
  expect(await issues(bench)).toEqual([]);
  expect((await up(bench.target)).applied.map(({ name }) => name)).toEqual([
    "users",
    "theirs",
    "mine",
    "more",
  ]);
});

test("before a merge: renamed against the base, whose own files do not come along", async () => {
  await using bench = await diverged(THEIRS, MINE);
  const result = await run(bench);
  expect(result.missing).toEqual([{ version: "002", name: "theirs" }]);
  expect(result.hints).toEqual([expect.anything(), expect.stringContaining("what main added")]);
  expect(files(bench)).toEqual([
    "003_mine.down.sql",
    "003_mine.up.sql",
    "004_more.down.sql",
    "004_more.up.sql",
  ]);
  commit(bench.project, "renamed");
  expect(await issues(bench)).toEqual([]);
  expect(gitExit(bench.project, "merge", "-q", "main")).toBe(1);
  expect(await run(bench)).toMatchObject({ renamed: [], kept: [{ version: "003" }, { version: "004" }] });
  expect(await mismatch(bench)).toBeUndefined();
});

test("through a git rebase, commit by commit, the migrations keep their order", async () => {
  await using bench = await diverged({ "005_theirs": "select 1" }, { "002_mine": MINE["002_mine"] });
  await add(bench, { "003_more": "alter table users drop mine" });
  expect(gitExit(bench.project, "rebase", "-q", "main")).toBe(1);
  expect((await run(bench)).renamed).toMatchObject([{ version: "006", name: "mine" }]);
  git(bench.project, "add", "-A", "db");
  expect(gitExit(bench.project, "rebase", "--continue")).toBe(1);
  const second = await run(bench);
  expect(second).toMatchObject({ kept: [{ version: "006" }], renamed: [{ version: "007", name: "more" }] });
  git(bench.project, "add", "-A", "db");
  git(bench.project, "rebase", "--continue");
  expect(git(bench.project, "log", "--format=%s", "-3").trim().split("\n")).toEqual([
    "003_more",
    "002_mine",
    "005_theirs",
  ]);
  expect(await mismatch(bench)).toBeUndefined();
});

test("what is not committed keeps its place: nothing is renamed that is late enough", async () => {
  await using bench = await diverged({}, { "005_mine": "select 1" });
  bench.project.write("db/migrations/004_older.up.sql", "select 1");
  expect(await run(bench)).toMatchObject({ renamed: [], kept: [{ version: "004" }, { version: "005" }] });
});

test("versions of time: only those that are too early get a new one", async () => {
  await using bench = await diverged(
    { "20250103120000_theirs": "select 1" },
    { "20250102120000_early": "select 1", "20250104120000_late": "select 1" },
  );
  expect(await run(bench)).toMatchObject({
    renamed: [{ old_version: "20250102120000", version: "20250103120001", name: "early" }],
    kept: [{ version: "20250104120000", name: "late" }],
  });
});

test("everything that belongs to a migration goes along, also a version that a module says", async () => {
  await using bench = await diverged(THEIRS, {});
  bench.project.write("db/migrations/_table.ts", "export const table = 'made';");
  bench.project.write(
    "db/migrations/002_made.ts",
    "import { table } from './_table.ts';\nexport const version: string = '002';\nexport const up = (db) => db.execute(`create table ${table} ()`);\n",
  );
  bench.project.write("db/migrations/003_seen.up.sql", "select 1");
  bench.project.write("db/migrations/003_seen.verify.sql", "select true");
  bench.project.write("db/migrations/003_seen.yaml", "up_preconditions: []\n");
  bench.project.write("db/history/003_seen.sql", "-- then");
  const result = await run(bench, { snapshotsDir: bench.project.path("db/history") });
  expect(result.renamed.flatMap((one) => one.files.map(([, name]) => name))).toEqual([
    "003_made.ts",
    "004_seen.up.sql",
    "004_seen.verify.sql",
    "004_seen.yaml",
  ]);
  expect(files(bench)).toEqual([
    "003_made.ts",
    "004_seen.up.sql",
    "004_seen.verify.sql",
    "004_seen.yaml",
    "_table.ts",
  ]);
  expect(readFileSync(bench.project.path("db/migrations/003_made.ts"), "utf8")).toContain("= '003'");
  expect(readdirSync(bench.project.path("db/history"))).toEqual(["004_seen.sql"]);
});

test("a chain that fails leaves every file as it is: MIGR_117", async () => {
  await using bench = await diverged({ "002_theirs": "alter table users rename to people" }, MINE);
  gitExit(bench.project, "merge", "-q", "main");
  const before = git(bench.project, "status", "--porcelain");
  const error = await failure(run(bench));
  expect(error).toMatchObject({ code: "MIGR_117", exit: 3 });
  expect(error?.message).toContain("003_mine (now 002_mine.up.sql) fails on a scratch database");
  expect(error?.message).toContain('relation "users" does not exist');
  expect(error?.context.file).toBe(bench.project.path("db/migrations/002_mine.up.sql"));
  expect(git(bench.project, "status", "--porcelain")).toBe(before);
  expect(await mismatch(bench)).toContain("holds the conflict of a merge");
});

test("--dry-run proves and says, and writes nothing", async () => {
  await using bench = await diverged(THEIRS, MINE);
  const result = await run(bench, { dryRun: true });
  expect(result).toMatchObject({ dry_run: true, sum_file: null, migrations_run: 4 });
  expect(result.renamed.map(({ version }) => version)).toEqual(["003", "004"]);
  expect(git(bench.project, "status", "--porcelain")).toBe("");
});

test("what the database has keeps its version: MIGR_116", async () => {
  await using bench = await diverged(THEIRS, MINE);
  await up(bench.target, { target: "002" });
  const ledger = () => Promise.resolve(bench.target);
  const error = await failure(run(bench, { ledger }));
  expect(error).toMatchObject({ code: "MIGR_116", exit: 3 });
  expect(error?.message).toContain("002_mine must come after the migrations of the base, and is applied");
  expect(git(bench.project, "status", "--porcelain")).toBe("");
});

test("the base's migration of the same version may be applied", async () => {
  await using bench = await diverged(THEIRS, MINE);
  git(bench.project, "checkout", "-q", "main");
  await up(bench.target);
  git(bench.project, "checkout", "-q", "mine");
  const result = await run(bench, { ledger: () => Promise.resolve(bench.target) });
  expect(result).toMatchObject({
    renamed: [{ version: "003" }, { version: "004" }],
    hints: [expect.anything()],
  });
});

test.each<[string, Files, Files, string]>([
  [
    "a base whose newest version is no number",
    { v2_theirs: "select 1" },
    { "002_mine": "select 1" },
    "version v2",
  ],
  [
    "a squash of this branch's own",
    { "004_theirs": "select 1" },
    { "003_squashed": "-- confiture: squashes 002 003\nselect 1;" },
    "is a squash",
  ],
])("no new version for %s: MIGR_116", async (_what, main, mine, says) => {
  await using bench = await diverged(main, mine);
  const error = await failure(run(bench));
  expect(error?.code).toBe("MIGR_116");
  expect(error?.message).toContain(says);
});

test("two migrations of one name: before a merge the branch's own is renamed, within one it is refused", async () => {
  const table = (name: string) => ({ "002_same": `create table ${name} ()` });
  await using bench = await diverged(table("theirs"), table("mine"));
  expect(gitExit(bench.project, "merge", "-q", "main")).toBe(1);
  const error = await failure(run(bench));
  expect(error?.code).toBe("MIGR_116");
  expect(error?.message).toContain("002_same.up.sql holds the conflict of a merge");
  git(bench.project, "merge", "--abort");
  expect(await issues(bench)).toMatchObject([{ code: "MIGR_118", migration: "002" }]);
  expect((await run(bench)).renamed).toMatchObject([{ version: "003", name: "same" }]);
  commit(bench.project, "renamed");
  gitExit(bench.project, "merge", "-q", "main");
  await run(bench);
  commit(bench.project, "merged");
  expect(await issues(bench)).toEqual([]);
  expect((await up(bench.target)).applied.map(({ version }) => version)).toEqual(["001", "002", "003"]);
});

test("a migration of the base that this branch changed or removed: MIGR_119, and in CI an issue", async () => {
  await using bench = await diverged(THEIRS, MINE, { ...ONE, "000_old": "select 1" });
  bench.project.write("db/migrations/001_users.down.sql", "select 1");
  rmSync(bench.project.path("db/migrations/000_old.up.sql"));
  expect(await issues(bench)).toMatchObject([
    {
      code: "MIGR_118",
      migration: "002",
      message: expect.stringContaining("002_theirs, the newest of main"),
    },
    { code: "MIGR_119", message: "001_users of main was changed on this branch" },
    { code: "MIGR_119", message: "000_old of main was removed on this branch" },
  ]);
  expect((await failure(run(bench)))?.code).toBe("MIGR_119");
});

test("a squash of what the base has is no change, and stays where it is", async () => {
  await using bench = await diverged({}, {}, { ...ONE, "002_b": "select 1" });
  for (const file of ["001_users.up.sql", "001_users.down.sql", "002_b.up.sql"])
    rmSync(bench.project.path(`db/migrations/${file}`));
  await add(bench, { "002_squashed": "-- confiture: squashes 001 002\ncreate table users (id int);" });
  expect(await issues(bench)).toEqual([]);
  expect(await run(bench)).toMatchObject({ renamed: [], kept: [] });
});

test("without migrations.sum the files are renamed all the same, and none is written", async () => {
  await using bench = await diverged(THEIRS, MINE);
  rmSync(bench.project.path("db/migrations/migrations.sum"));
  expect(await run(bench)).toMatchObject({ sum_file: null, renamed: [{}, {}] });
  expect(readdirSync(dirOf(bench))).not.toContain("migrations.sum");
});

test("a shallow clone: without the ref it says what to fetch, with it the branch is judged", async () => {
  await using origin = await diverged({ "004_theirs": "select 1" }, MINE);
  git(origin.project, "checkout", "-q", "main");
  const url = `file://${origin.project.dir}`;
  await using bench = await testMigrations({});
  git(bench.project, "clone", "-q", "--depth=1", "--branch=mine", url, "clone");
  const clone = { ...bench.project, dir: bench.project.path("clone") };
  const migrationsDir = bench.project.path("clone/db/migrations");
  const judge = async () =>
    orderIssues(await findMigrations(migrationsDir), {
      ref: "origin/main",
      migrationsDir,
      projectDir: clone.dir,
      environment: gitEnvironment(clone),
    });
  const error = await failure(judge());
  expect(error).toMatchObject({ code: "DIFFER_403", exit: 7 });
  expect(error?.message).toBe("this clone has no origin/main, which migrations are compared with");
  expect(error?.actionable).toContain("git fetch origin main:refs/remotes/origin/main");
  git(clone, "fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main");
  expect(await judge()).toMatchObject([
    { code: "MIGR_118", migration: "002" },
    { code: "MIGR_118", migration: "003" },
  ]);
});

test("no repository, and a base without migrations", async () => {
  await using bench = await testMigrations(ONE);
  expect((await failure(run(bench)))?.message).toContain("not a git repository");
  git(bench.project, "init", "-q", "-b", "main");
  bench.project.write("db/notes.md", "");
  git(bench.project, "add", "db/notes.md");
  git(bench.project, "commit", "-qm", "notes");
  expect(await run(bench)).toMatchObject({ newest: null, kept: [{ version: "001" }], migrations_run: 1 });
});

test("two branches that generate at once, rebased one after the other", async () => {
  await using bench = await diverged({}, {});
  const now = new Date();
  const make = (name: string) =>
    generate({ migrationsDir: dirOf(bench), name, now, text: { up: `create table ${name} ()`, down: "" } });
  await make("mine");
  commit(bench.project);
  git(bench.project, "checkout", "-q", "main");
  const theirs = await make("theirs");
  commit(bench.project);
  expect(gitExit(bench.project, "merge", "-q", "mine")).toBe(1);
  git(bench.project, "merge", "--abort");
  git(bench.project, "checkout", "-q", "mine");
  gitExit(bench.project, "merge", "-q", "main");
  expect((await run(bench)).renamed).toMatchObject([
    { version: theirs.next_available_version, name: "mine" },
  ]);
  commit(bench.project);
  git(bench.project, "checkout", "-q", "main");
  expect(gitExit(bench.project, "merge", "-q", "mine")).toBe(0);
  expect(await mismatch(bench)).toBeUndefined();
});
