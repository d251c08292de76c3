import { expect, test } from "vitest";
import * as library from "../../src/index.ts";

test("the library exports these values; removing one breaks its users", () => {
  expect(Object.keys(library).toSorted()).toMatchInlineSnapshot(`
    [
      "ConfitureError",
      "Connection",
      "ERROR_CODES",
      "Migrator",
      "baseline",
      "build",
      "changeText",
      "compare",
      "current",
      "down",
      "downTo",
      "generate",
      "importMigrations",
      "openScratch",
      "preflight",
      "readSnapshot",
      "silentLog",
      "status",
      "up",
    ]
  `);
});
