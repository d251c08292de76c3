import { readFileSync, rmSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findMigrations } from "../../../../src/migrate/files.ts";
import { sumMismatch, requireSum } from "../../../../src/migrate/linear/check-sum.ts";
import { writeSum } from "../../../../src/migrate/linear/write-sum.ts";
import { parseSum, sumLines, sumText } from "../../../../src/migrate/linear/sum.ts";
import { git, gitExit } from "../../../support/git.ts";
import { migrationFiles, type Project, testProject } from "../../../support/project.ts";

const TWO = { "001_a": ["select 1", "select 2"], "002_b": "select 3" } as const;

const SUM = "db/migrations/migrations.sum";

const bench = async () => {
  const project = testProject(migrationFiles(TWO));
  await writeSum(project.path("db/migrations"));
  return project;
};

const textOf = (project: Project) => readFileSync(project.path(SUM), "utf8");

const mismatchOf = async (project: Project) =>
  sumMismatch(await findMigrations(project.path("db/migrations")))?.message.replace(
    project.path("db/migrations/"),
    "",
  );

test("a header, a line for each migration in version order, and the head of the chain", async () => {
  using project = await bench();
  const [header, ...lines] = textOf(project).split("\n");
  expect(header).toMatch(/^# migrations.sum v1 /);
  expect(lines).toEqual([
    expect.stringMatching(/^001_a [0-9a-f]{64}$/),
    expect.stringMatching(/^002_b [0-9a-f]{64}$/),
    `head ${lines[1]}`,
    "",
  ]);
  expect(await mismatchOf(project)).toBeUndefined();
  expect(sumText([]).split("\n").slice(1)).toEqual(["head none", ""]);
  expect(parseSum(sumText([]))).toEqual([]);
});

test("line endings are no difference, neither of migrations nor of the file itself", async () => {
  using project = await bench();
  project.write("db/migrations/002_b.up.sql", "select 3\n");
  const dir = project.path("db/migrations");
  await writeSum(dir);
  project.write("db/migrations/002_b.up.sql", "select 3\r\n");
  project.write(SUM, textOf(project).replaceAll("\n", "\r\n"));
  expect(await mismatchOf(project)).toBeUndefined();
});

test("a name with blanks, one that is a number alone and a module are lines as well", async () => {
  using project = testProject({
    "db/migrations/1.up.sql": "",
    "db/migrations/2_a b.up.sql": "",
    "db/migrations/3_c.ts": "export const up = () => {}",
  });
  const lines = sumLines(await findMigrations(project.path("db/migrations")));
  expect(lines.map(({ stem }) => stem)).toEqual(["1", "2_a b", "3_c"]);
  expect(parseSum(sumText(lines))).toEqual(lines);
});

test.each<[what: string, change: (project: Project) => void, says: string]>([
  [
    "an edited way forward",
    (p) => p.write("db/migrations/001_a.up.sql", "select 9"),
    "001_a.up.sql or its .down.sql is not what",
  ],
  [
    "an edited way back",
    (p) => p.write("db/migrations/001_a.down.sql", "select 9"),
    "001_a.up.sql or its .down.sql is not what",
  ],
  [
    "a new way back",
    (p) => p.write("db/migrations/002_b.down.sql", ""),
    "002_b.up.sql or its .down.sql is not what",
  ],
  [
    "a migration without a way back",
    (p) => p.write("db/migrations/002_b.up.sql", ""),
    "002_b.up.sql is not what",
  ],
  [
    "a new migration",
    (p) => p.write("db/migrations/003_c.up.sql", ""),
    "003_c.up.sql is not in migrations.sum",
  ],
  [
    "one before the others",
    (p) => p.write("db/migrations/000_c.up.sql", ""),
    "000_c.up.sql is not in migrations.sum",
  ],
  [
    "a removed one",
    (p) => rmSync(p.path("db/migrations/002_b.up.sql")),
    "migrations.sum has 002_b, whose files are not there",
  ],
  [
    "the first one removed",
    (p) => {
      rmSync(p.path("db/migrations/001_a.up.sql"));
    },
    "migrations.sum has 001_a, whose files",
  ],
  ["no file", (p) => rmSync(p.path(SUM)), "migrations.sum is missing"],
  ["a cut file", (p) => p.write(SUM, textOf(p).slice(0, -9)), "migrations.sum is not as Confiture writes it"],
  ["an empty file", (p) => p.write(SUM, ""), "migrations.sum is not as Confiture writes it"],
  [
    "a merge",
    (p) => p.write(SUM, `<<<<<<< HEAD\n${textOf(p)}`),
    "migrations.sum holds the conflict of a merge",
  ],
])("told: %s", async (_what, change, says) => {
  using project = await bench();
  change(project);
  expect(await mismatchOf(project)).toContain(says);
});

test("MIGR_115 where the file is there or wanted, and nothing where it is not", async () => {
  using project = await bench();
  project.write("db/migrations/001_a.up.sql", "select 9");
  const files = await findMigrations(project.path("db/migrations"));
  const refusal = expect.objectContaining({ code: "MIGR_115", exit: 3 }) as Error;
  expect(() => requireSum(files, undefined)).toThrow(refusal);
  expect(() => requireSum(files, false)).not.toThrow();
  rmSync(project.path(SUM));
  expect(() => requireSum(files, undefined)).not.toThrow();
  expect(() => requireSum(files, true)).toThrow(refusal);
});

type Change = Readonly<Record<string, string | null>>;

/** What git says to a merge of two branches that each changed something. */
async function merge(project: Project, ours: Change, theirs: Change): Promise<number> {
  const commit = async (change: Change) => {
    for (const [file, text] of Object.entries(change)) {
      if (text === null) rmSync(project.path(file), { force: true });
      else project.write(file, text);
    }
    await writeSum(project.path("db/migrations"));
    git(project, "add", "-A");
    git(project, "commit", "-qm", "change", "--allow-empty");
  };
  git(project, "init", "-q", "-b", "main");
  await commit({});
  git(project, "checkout", "-qb", "theirs");
  await commit(theirs);
  git(project, "checkout", "-q", "main");
  await commit(ours);
  return gitExit(project, "merge", "-q", "theirs");
}

const file = (stem: string) => `db/migrations/${stem}.up.sql`;
const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [file(`${100 + i}_m`), ""]));

test.each<[what: string, before: Readonly<Record<string, string>>, ours: Change, theirs: Change]>([
  ["each a new one", migrationFiles(TWO), { [file("003_c")]: "" }, { [file("004_d")]: "" }],
  [
    "one and two new ones",
    migrationFiles(TWO),
    { [file("003_c")]: "" },
    { [file("003_d")]: "", [file("005_e")]: "" },
  ],
  [
    "an older and a newer one",
    { ...migrationFiles(TWO), ...many },
    { [file("000_c")]: "" },
    { [file("200_d")]: "" },
  ],
  ["two far from each other", many, { [file("1005_c")]: "" }, { [file("105_m")]: "--" }],
  ["an edit of an old one beside a new one", many, { [file("100_m")]: "select 1" }, { [file("200_d")]: "" }],
  ["the newest removed beside a new one", many, { [file("129_m")]: null }, { [file("200_d")]: "" }],
  ["the first of all", { "notes.md": "" }, { [file("003_c")]: "" }, { [file("004_d")]: "" }],
  [
    "the same version and name with other texts",
    migrationFiles(TWO),
    { [file("003_c")]: "select 1" },
    { [file("003_c")]: "select 2" },
  ],
])("git cannot merge two branches that both changed the chain: %s", async (_what, before, ours, theirs) => {
  using project = testProject({ "db/migrations/.keep": "", ...before });
  expect(await merge(project, ours, theirs)).toBe(1);
  expect(git(project, "diff", "--name-only", "--diff-filter=U").split("\n")).toContain(SUM);
  expect(await mismatchOf(project)).toBe("migrations.sum holds the conflict of a merge");
  expect(textOf(project).trimEnd().split("\n").at(-1)).toMatch(/^>{7} /);
});

const change = fc.dictionary(
  fc.constantFrom(...["1_a", "100_m", "114_m", "115_n", "129_m", "130_b", "131_c"].map(file)),
  fc.constantFrom("", "select 1", "select 2", null),
  { maxKeys: 3 },
);

test("whatever two branches do: git stops at migrations.sum, or what it merged matches", async () => {
  await fc.assert(
    fc.asyncProperty(change, change, async (ours, theirs) => {
      using project = testProject({ "db/migrations/.keep": "", ...many });
      const status = await merge(project, ours, theirs);
      const isUnmerged = git(project, "diff", "--name-only", "--diff-filter=U").split("\n").includes(SUM);
      if (status === 0) expect(await mismatchOf(project)).toBeUndefined();
      else expect(isUnmerged || (await mismatchOf(project)) !== undefined).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("git merges what changed in one branch alone", async () => {
  using project = testProject(migrationFiles(TWO));
  expect(await merge(project, { "notes.md": "" }, { [file("003_c")]: "" })).toBe(0);
  expect(await mismatchOf(project)).toBeUndefined();
});
