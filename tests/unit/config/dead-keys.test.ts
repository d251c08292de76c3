import { expect, test } from "vitest";
import { z } from "zod";
import { DEAD_KEYS, findDeadKeys } from "../../../src/config/dead-keys.ts";
import { environmentSchema } from "../../../src/config/environment-schema.ts";
import type { KeySchema } from "../../../src/base/key-schema.ts";
import { keysAt } from "../../../src/config/schema-keys.ts";

const found = (value: Record<string, unknown>) => findDeadKeys(value, "local", () => 1).map(({ key }) => key);

test("every dead key is a key of the schema", () => {
  const schema = z.toJSONSchema(environmentSchema, { io: "input" }) as KeySchema;
  for (const key of Object.keys(DEAD_KEYS)) {
    const path = key.split(".");
    expect(keysAt(schema, path.slice(0, -1)), key).toContain(path.at(-1));
  }
});

test("keys that are given are found, those that ask for nothing are not", () => {
  expect(
    found({ auto_backup: false, acls: [], ownership: null, seed: {}, build: { lint: { a: 1 } } }),
  ).toEqual(["auto_backup", "build.lint"]);
  expect(found({ migration: { tracking_table: "x" } })).toEqual([]);
});

test("a name that is not the file's, and a database block beside database_url, change nothing", () => {
  expect(found({ name: "local" })).toEqual([]);
  expect(found({ name: "other", database_url: "embedded", database: {} })).toEqual(["name", "database"]);
});
