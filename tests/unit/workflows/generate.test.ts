import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generateWithSnapshot } from "../../../src/workflows/generate.ts";
import { type Project, testProject } from "../../support/project.ts";

const now = new Date(2026, 0, 2, 3, 4, 5);

const dir = {
  path: "db/schema",
  recursive: true,
  include: ["**/*.sql"],
  exclude: [],
  autoDiscover: false,
  order: 0,
};

const optionsIn = (project: Project) => ({ migrationsDir: project.path("db/migrations"), name: "next", now });

const snapshotIn = (project: Project) => ({
  dir: project.path("db/schema_history"),
  environment: "local",
  schema: { projectDir: project.dir, includeDirs: [dir] },
});

test("the snapshot holds the DDL files without seeds, named like the migration", async () => {
  using project = testProject({
    "db/schema/a.sql": "create table a ();\n",
    "db/schema/seeds/b.sql": "insert into a default values;\n",
  });
  const result = await generateWithSnapshot(optionsIn(project), snapshotIn(project));
  expect(result).toMatchObject({
    snapshot: project.path("db/schema_history/20260102030405_next.sql"),
    snapshot_mode: "static",
    warnings: [],
  });
  const text = readFileSync(result.snapshot!, "utf8");
  expect(text).toContain("create table a ();");
  expect(text).not.toContain("insert into a");
});

test("one that cannot be built is a warning, and the migration is there", async () => {
  using project = testProject({ "db/schema/a.sql": "select 'open" });
  const result = await generateWithSnapshot(optionsIn(project), snapshotIn(project));
  expect(result).toMatchObject({ status: "success", snapshot: null, snapshot_mode: null });
  expect(result.warnings.join()).toMatch(/no snapshot is written: .*a\.sql ends inside a string/);
  expect(existsSync(result.filepath)).toBe(true);
  expect(existsSync(project.path("db/schema_history"))).toBe(false);
  const none = await generateWithSnapshot(optionsIn(project), { ...snapshotIn(project), schema: undefined });
  expect(none.warnings.join()).toContain("there are no DDL files");
});

test("a dry run names it and writes nothing; without a request there is none", async () => {
  using project = testProject({ "db/schema/a.sql": "" });
  const planned = await generateWithSnapshot({ ...optionsIn(project), dryRun: true }, snapshotIn(project));
  expect(planned.snapshot).toContain("20260102030405_next.sql");
  expect(existsSync(project.path("db/schema_history"))).toBe(false);
  expect((await generateWithSnapshot(optionsIn(project), undefined)).snapshot).toBeNull();
});
