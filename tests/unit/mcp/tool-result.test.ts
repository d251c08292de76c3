import { expect, test } from "vitest";
import { ConfitureError } from "../../../src/base/errors.ts";
import { errorResult, withoutQuoted } from "../../../src/mcp/tool-result.ts";

test("an error is that of the CLI's envelope, and says nothing of rows", () => {
  const error = new ConfitureError(
    "SQL_001",
    'duplicate key value violates unique constraint "user_email_key"',
    {
      details: {
        sqlstate: "23505",
        detail: "Key (email)=(ann@example.org) already exists.",
        constraint: "k",
      },
      migration: "003",
    },
  );
  expect(errorResult(error)).toMatchObject({
    isError: true,
    structuredContent: {
      severity: "error",
      code: "SQL_001",
      message: 'duplicate key value violates unique constraint "user_email_key"',
      actionable: expect.any(String),
      details: { sqlstate: "23505", constraint: "k" },
      migration: "003",
      file: null,
      line: null,
    },
  });
  expect(JSON.stringify(errorResult(error))).not.toContain("ann@");
});

test.each([
  ['invalid input syntax for type integer: "ann"', 'invalid input syntax for type integer: "…"'],
  ['value "99999999999" is out of range for type integer', 'value "…" is out of range for type integer'],
  ['column "age" contains null values', 'column "age" contains null values'],
  ['null value in column "a" of relation "t"', 'null value in column "a" of relation "t"'],
])("%s", (text, shown) => {
  expect(withoutQuoted(text)).toBe(shown);
});
