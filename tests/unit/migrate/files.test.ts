import { expect, test } from "vitest";
import { findMigrations, migrationNamed, requireRunnable } from "../../../src/migrate/files.ts";
import { testProject } from "../../support/project.ts";

const find = async (files: Record<string, string>) => {
  using project = testProject(files);
  return await findMigrations(project.dir);
};

test("pairs, sidecars, orphans and Python files are told apart", async () => {
  const found = await find({
    "9_nine.up.sql": "",
    "10_ten.up.sql": "",
    "10_ten.down.sql": "",
    "10_ten.verify.sql": "",
    "11_lonely.down.sql": "",
    "notes.sql": "",
    "12_old.py": "",
    "__init__.py": "",
  });
  expect(found.migrations.map((m) => [m.version, m.name, m.downFile !== undefined])).toEqual([
    ["9", "nine", false],
    ["10", "ten", true],
  ]);
  expect(found.orphans).toEqual(["11_lonely.down.sql", "notes.sql"]);
  expect(found.python).toEqual(["12_old.py"]);
  expect(() => requireRunnable(found)).toThrow(expect.objectContaining({ code: "MIGR_109" }));
});

test("a migration knows its assertion and its preconditions; those of no migration are strays", async () => {
  const found = await find({
    "1_a.up.sql": "",
    "1_a.verify.sql": "",
    "1_a.yaml": "",
    "1_a.yml": "",
    "2_b.up.sql": "",
    "2_b.yml": "",
    "3_c.py": "",
    "3_c.verify.sql": "",
    "4_gone.verify.sql": "",
    "4_gone.yaml": "",
    "compose.yaml": "",
  });
  const named = (file: string | undefined) => file?.split("/").at(-1);
  expect(found.migrations.map((m) => [named(m.verifyFile), named(m.sidecarFile)])).toEqual([
    ["1_a.verify.sql", "1_a.yaml"],
    [undefined, "2_b.yml"],
  ]);
  expect(found.orphans).toEqual([]);
  expect(found.strays).toEqual(["1_a.yml", "4_gone.verify.sql", "4_gone.yaml"]);
});

test("modules are migrations; helpers, declarations and modules without a version are none", async () => {
  const found = await find({
    "1_a.ts": "",
    "2_b.mjs": "",
    "2_b.down.sql": "",
    "3_c.up.sql": "",
    "3_d.js": "",
    "1_a.d.ts": "",
    "_helpers.ts": "",
    "shared.mts": "",
  });
  expect(found.migrations.map((m) => [m.version, m.name, m.kind, m.downFile === m.upFile])).toEqual([
    ["1", "a", "module", true],
    ["2", "b", "module", true],
    ["3", "c", "sql", false],
    ["3", "d", "module", true],
  ]);
  expect(found.duplicates).toEqual({ "3": ["3_c.up.sql", "3_d.js"] });
  expect(found.orphans).toEqual(["2_b.down.sql"]);
  expect(found.strays).toEqual(["shared.mts"]);
});

test("two files of one version are refused by name", async () => {
  const found = await find({ "1_a.up.sql": "", "1_b.up.sql": "", "2_c.up.sql": "" });
  expect(found.duplicates).toEqual({ "1": ["1_a.up.sql", "1_b.up.sql"] });
  expect(() => requireRunnable(found)).toThrow("version 1 is claimed by 1_a.up.sql and 1_b.up.sql");
});

test("a missing directory is no error until something must run", async () => {
  const found = await findMigrations("/nowhere/migrations");
  expect(found).toMatchObject({ exists: false, migrations: [] });
  expect(() => requireRunnable(found)).toThrow(expect.objectContaining({ code: "CONFIG_004" }));
});

test("a migration is named by its version or by version and name", async () => {
  const found = await find({ "004_orders.up.sql": "" });
  expect(migrationNamed(found, "004")).toBe(migrationNamed(found, "004_orders"));
  expect(() => migrationNamed(found, "4")).toThrow(expect.objectContaining({ code: "MIGR_100" }));
});
