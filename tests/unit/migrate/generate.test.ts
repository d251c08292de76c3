import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "../../../src/migrate/generate.ts";
import { testProject } from "../../support/project.ts";

const now = new Date(2026, 0, 2, 3, 4, 5);

test("writes a pair whose version is the local time", async () => {
  using project = testProject();
  const result = await generate({ migrationsDir: project.dir, name: "add_orders", now });
  expect(result.version).toBe("20260102030405");
  expect(readdirSync(project.dir)).toEqual([
    "20260102030405_add_orders.down.sql",
    "20260102030405_add_orders.up.sql",
  ]);
});

test("many at once get versions of their own", async () => {
  using project = testProject();
  const names = Array.from({ length: 8 }, (_, i) => `change_${i}`);
  const results = await Promise.all(names.map((name) => generate({ migrationsDir: project.dir, name, now })));
  expect(new Set(results.map((r) => r.version)).size).toBe(8);
  expect(readdirSync(project.dir)).toHaveLength(16);
});

test("a reserved version is the one it gets, or none", async () => {
  using project = testProject({ "7_b.ts": "" });
  const options = { migrationsDir: project.dir, name: "a", now };
  expect((await generate({ ...options, version: "42" })).version).toBe("42");
  for (const version of ["42", "7"])
    await expect(generate({ ...options, version })).rejects.toMatchObject({ code: "MIGR_106" });
  expect(readdirSync(project.dir)).toEqual(["42_a.down.sql", "42_a.up.sql", "7_b.ts"]);
});

test("a version in the future is followed, so that the new one sorts last", async () => {
  using project = testProject({ "20990101000000_far.up.sql": "" });
  expect((await generate({ migrationsDir: project.dir, name: "next", now })).version).toBe("20990101000001");
});

test.each([
  ["Bad Name-1", "bad_name_1"],
  ["AddOrderItems", "add_order_items"],
  ["", "add_orders"],
  ["ünique", "nique"],
  ["../x", "x"],
])("%j is no name, %s would be one", async (name, suggestion) => {
  using project = testProject();
  await expect(generate({ migrationsDir: project.dir, name, now })).rejects.toMatchObject({
    code: "CONFIG_008",
    actionable: `For example: confiture migrate generate ${suggestion}`,
  });
  expect(readdirSync(project.dir)).toEqual([]);
});

test("the result says which version is free next, and that nothing else was written", async () => {
  using project = testProject();
  const result = await generate({ migrationsDir: project.dir, name: "add_orders", now });
  expect(result).toMatchObject({
    next_available_version: "20260102030406",
    generator: null,
    snapshot: null,
    snapshot_mode: null,
  });
});

test("a module with both ways, which takes a version like any other file", async () => {
  using project = testProject();
  const result = await generate({ migrationsDir: project.dir, name: "fill_totals", now, type: "ts" });
  expect(result).toMatchObject({ version: "20260102030405", down_filepath: null });
  expect(readdirSync(project.dir)).toEqual(["20260102030405_fill_totals.ts"]);
  const text = readFileSync(result.filepath, "utf8");
  expect(text).toContain("export async function up(db: MigrationClient): Promise<void>");
  expect(text).toContain("export async function down(db: MigrationClient): Promise<void>");
  expect((await generate({ migrationsDir: project.dir, name: "next", now })).version).toBe("20260102030406");
});

test("SQL files and modules made at once share no version", async () => {
  using project = testProject();
  const types = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? "sql" : "ts") as "sql" | "ts");
  const results = await Promise.all(
    types.map((type, i) => generate({ migrationsDir: project.dir, name: `change_${i}`, now, type })),
  );
  expect(new Set(results.map((r) => r.version)).size).toBe(12);
  expect(readdirSync(project.dir)).toHaveLength(18);
});

test("a claim that a killed run left behind, and files of other kinds, cost their version only", async () => {
  using project = testProject({ ".20260102030405.claim": "", "20260102030406_x.down.sql": "" });
  const { version } = await generate({ migrationsDir: project.dir, name: "next", now });
  expect(version).toBe("20260102030407");
});

test("a dry run writes nothing, not even the directory", async () => {
  using project = testProject();
  const migrationsDir = project.path("db/migrations");
  const result = await generate({ migrationsDir, name: "next", now, dryRun: true });
  expect(result).toMatchObject({ status: "dry_run", version: "20260102030405" });
  expect(readdirSync(project.dir)).toEqual([]);
});

test("a directory that cannot be made is CONFIG_004", async () => {
  using project = testProject({ file: "" });
  const migrationsDir = project.path("file/migrations");
  await expect(generate({ migrationsDir, name: "next", now })).rejects.toMatchObject({ code: "CONFIG_004" });
});
