import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findMigrations } from "../../../../src/migrate/files.ts";
import { moveFiles, movesOf } from "../../../../src/migrate/linear/move-files.ts";
import { renumber } from "../../../../src/migrate/linear/renumber.ts";
import { migrationFiles, testProject } from "../../../support/project.ts";

const migrationsIn = async (dir: string) => (await findMigrations(dir)).migrations;

test.each<[own: string[], newest: string | undefined, versions: string[]]>([
  [["1", "2"], undefined, ["1", "2"]],
  [["5", "6"], "4", ["5", "6"]],
  [["3", "4"], "4", ["5", "6"]],
  [["3", "9"], "4", ["5", "9"]],
  [["3", "4", "5"], "4", ["5", "6", "7"]],
  [["003"], "009", ["010"]],
  [["3"], "99", ["100"]],
  [["20250101000000"], "20250101000059", ["20250101000060"]],
  [["90071992547409930"], "90071992547409931", ["90071992547409932"]],
])("versions %j behind %s: %j", async (own, newest, versions) => {
  using project = testProject(migrationFiles(Object.fromEntries(own.map((version) => [`${version}_m`, ""]))));
  const numbered = renumber(await migrationsIn(project.path("db/migrations")), newest);
  expect(numbered.map(({ version }) => version)).toEqual(versions);
});

test("two migrations of one version get two", async () => {
  using project = testProject(migrationFiles({ "3_a": "", "3_b": "" }));
  const numbered = renumber(await migrationsIn(project.path("db/migrations")), "2");
  expect(numbered.map(({ version }) => version)).toEqual(["3", "4"]);
});

test("a file that git could not merge is refused", async () => {
  using project = testProject(migrationFiles({ "3_a": "<<<<<<< HEAD\nselect 1\n=======\n>>>>>>> main\n" }));
  const migrations = await migrationsIn(project.path("db/migrations"));
  expect(() => renumber(migrations, "3")).toThrow(
    expect.objectContaining({
      code: "MIGR_116",
      message: expect.stringContaining("3_a.up.sql holds the conflict"),
    }),
  );
});

const names = (dir: string) => readdirSync(dir).toSorted();

test("files change places, and a module says its new version only where it said its old one", async () => {
  using project = testProject({
    ...migrationFiles({ "1_m": "one" }),
    "db/migrations/2_m.ts": "export default { version: '2', runAs: '2', note: `version: '1'` };",
    "db/migrations/3_m.js": "export const up = () => {};",
  });
  const dir = project.path("db/migrations");
  const [one, two, three] = await migrationsIn(dir);
  const moves = await movesOf(dir, [
    { migration: one!, version: "2" },
    { migration: two!, version: "3" },
    { migration: three!, version: "4" },
  ]);
  await moveFiles(dir, moves);
  expect(names(dir)).toEqual(["2_m.up.sql", "3_m.ts", "4_m.js"]);
  expect(readFileSync(project.path("db/migrations/3_m.ts"), "utf8")).toBe(
    "export default { version: '3', runAs: '2', note: `version: '1'` };",
  );
});

test("never over a file, and then nothing is renamed", async () => {
  using project = testProject(migrationFiles({ "1_m": "one", "2_m": "two" }));
  const dir = project.path("db/migrations");
  const [one] = await migrationsIn(dir);
  const moves = await movesOf(dir, [{ migration: one!, version: "2" }]);
  await expect(moveFiles(dir, moves)).rejects.toThrow("2_m.up.sql is there already");
  expect(names(dir)).toEqual(["1_m.up.sql", "2_m.up.sql"]);
});

test("a rename that the disk refuses takes back those before it", async () => {
  using project = testProject(migrationFiles({ "1_a": "a", "2_b": "b" }));
  const dir = project.path("db/migrations");
  const migrations = await migrationsIn(dir);
  const moves = await movesOf(
    dir,
    migrations.map((migration) => ({ migration, version: `${migration.version}0` })),
  );
  const broken = [...moves, { ...moves[0]!, from: "9_gone.up.sql", to: "90_gone.up.sql" }];
  await expect(moveFiles(dir, broken)).rejects.toMatchObject({ code: "CONFIG_004" });
  expect(names(dir)).toEqual(["1_a.up.sql", "2_b.up.sql"]);
});
