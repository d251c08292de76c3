import { expect, test } from "vitest";
import * as library from "../../src/index.ts";

test("the library exports these values; removing one breaks its users", () => {
  expect(Object.keys(library).toSorted()).toMatchInlineSnapshot(`
    [
      "ConfitureError",
      "Connection",
      "ERROR_CODES",
      "Migrator",
      "applyAs",
      "baseline",
      "build",
      "changeText",
      "compare",
      "current",
      "defineMigration",
      "down",
      "downTo",
      "generate",
      "generateWithSnapshot",
      "importMigrations",
      "installHelpers",
      "introspect",
      "isLocked",
      "openScratch",
      "preflight",
      "readLockHolder",
      "readSnapshot",
      "rebuild",
      "reinit",
      "silentLog",
      "squash",
      "status",
      "up",
      "upWithBaseline",
      "validate",
      "verify",
      "verifyAllChecksums",
    ]
  `);
});
