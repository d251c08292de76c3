import { expect, test } from "vitest";
import { readDirectives } from "../../../src/migrate/directives.ts";

test("directives stand in the leading comment only", () => {
  const text =
    "-- Adds an index.\n-- confiture: no-transaction\n--confiture: lock-timeout 500\n\ncreate index i on t (a);\n-- confiture: irreversible\n";
  expect(readDirectives(text, "f.up.sql")).toMatchObject({
    noTransaction: true,
    lockTimeoutMs: 500,
    irreversible: false,
  });
});

test.each(["no-transactions", "lock-timeout soon", "run-as", ""])("%j is refused, not ignored", (words) => {
  expect(() => readDirectives(`-- note\n-- confiture: ${words}\n`, "f.up.sql")).toThrow(
    expect.objectContaining({
      code: "MIGR_102",
      context: expect.objectContaining({ file: "f.up.sql", line: 2 }),
    }),
  );
});
