import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findMigrations } from "../../../../src/migrate/files.ts";
import { filesOf, squashFiles, writeSquash } from "../../../../src/migrate/squash/write-squash.ts";
import { migrationFiles, testProject } from "../../../support/project.ts";

const TWO = migrationFiles({ "1_a": ["a", "-a"], "2_b": ["b", "-b"] });

async function plan(project: ReturnType<typeof testProject>) {
  const dir = project.path("db/migrations");
  const old = await filesOf(dir, (await findMigrations(dir)).migrations);
  return { dir, old, files: squashFiles(dir, "2", "b") };
}

test("the new files stand where the old ones stood, which lie in the archive; a name may be kept", async () => {
  using project = testProject({ ...TWO, "db/migrations/1_a.yaml": "", "db/migrations/1_an.up.sql": "other" });
  const { dir, old, files } = await plan(project);
  await writeSquash(
    dir,
    old.filter((name) => name !== "1_an.up.sql"),
    files,
    { up: "new", down: undefined },
  );
  expect(readdirSync(dir).toSorted()).toEqual(["1_an.up.sql", "2_b.up.sql", "archive"]);
  expect(readFileSync(files.up, "utf8")).toBe("new");
  expect(readdirSync(files.archive).toSorted()).toEqual([
    "1_a.down.sql",
    "1_a.up.sql",
    "1_a.yaml",
    "2_b.down.sql",
    "2_b.up.sql",
  ]);
});

test("what fails half-way is undone", async () => {
  using project = testProject(TWO);
  const { dir, old, files } = await plan(project);
  const gone = writeSquash(dir, [...old, "3_gone.up.sql"], files, { up: "new", down: "new" });
  await expect(gone).rejects.toMatchObject({ code: "CONFIG_004" });
  expect(readdirSync(dir).toSorted()).toEqual([
    "1_a.down.sql",
    "1_a.up.sql",
    "2_b.down.sql",
    "2_b.up.sql",
    "archive",
  ]);
  expect(readFileSync(project.path("db/migrations/2_b.up.sql"), "utf8")).toBe("b");
});

test.each(["db/migrations/archive/2/1_a.up.sql", "db/migrations/2_new.down.sql"])(
  "%s is not overwritten",
  async (file) => {
    using project = testProject({ ...TWO, [file]: "kept" });
    const { dir, old } = await plan(project);
    const refused = writeSquash(dir, old, squashFiles(dir, "2", "new"), { up: "new", down: "new" });
    await expect(refused).rejects.toMatchObject({ code: "MIGR_114" });
    expect(readFileSync(project.path(file), "utf8")).toBe("kept");
    expect(await filesOf(dir, (await findMigrations(dir)).migrations)).toEqual(old);
  },
);
