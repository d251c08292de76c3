import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { currentHost } from "../../../src/scratch/host.ts";
import { markUsed, removeUnused } from "../../../src/scratch/unused-folders.ts";
import { tempDir } from "./temp-dir.ts";

test("what was not used for a month is removed", () => {
  using dir = tempDir();
  const host = currentHost();
  const inDays = (days: number) => ({ ...host, now: () => host.now() + days * 86_400_000 });
  for (const name of ["old", "used"]) mkdirSync(join(dir.path, name));
  markUsed(inDays(20), join(dir.path, "used"));
  removeUnused(inDays(29), dir.path);
  expect(readdirSync(dir.path)).toEqual(["old", "used"]);
  removeUnused(inDays(31), dir.path);
  expect(readdirSync(dir.path)).toEqual(["used"]);
});
