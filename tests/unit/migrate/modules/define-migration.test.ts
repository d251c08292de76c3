import { expect, test } from "vitest";
import { defineMigration } from "../../../../src/migrate/modules/define-migration.ts";

test("a migration is given back as it is; a misspelt attribute does not compile", () => {
  const migration = {
    transactional: false,
    upPreconditions: [{ type: "TableExists", table: "users" }] as const,
    up: () => undefined,
  };
  expect(defineMigration(migration)).toBe(migration);
  // @ts-expect-error -- transctional
  expect(defineMigration({ transctional: false, up: () => undefined })).toHaveProperty("transctional");
  // @ts-expect-error -- there is no such type
  defineMigration({ upPreconditions: [{ type: "TableExist", table: "users" }], up: () => undefined });
});
