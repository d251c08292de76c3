import { readdirSync } from "node:fs";
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

test("a version in the future is followed, so that the new one sorts last", async () => {
  using project = testProject({ "20990101000000_far.up.sql": "" });
  expect((await generate({ migrationsDir: project.dir, name: "next", now })).version).toBe("20990101000001");
});

test.each(["Bad Name-1", "", "ünique", "../x"])("%j is no name", async (name) => {
  using project = testProject();
  await expect(generate({ migrationsDir: project.dir, name, now })).rejects.toMatchObject({
    code: "CONFIG_008",
  });
  expect(readdirSync(project.dir)).toEqual([]);
});
