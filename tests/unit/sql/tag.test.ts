import { expect, test } from "vitest";
import { ident, identSql, literal, sql } from "../../../src/sql/tag.ts";

test("values become parameters, in order", () => {
  expect(sql`select ${1}, ${"a"}`).toEqual({ text: "select $1, $2", values: [1, "a"] });
});

test("spliced fragments are renumbered with their values", () => {
  const condition = sql`a = ${1} and b = ${2}`;
  expect(sql`select ${0} where ${condition} or ${condition} limit ${9}`).toEqual({
    text: "select $1 where a = $2 and b = $3 or a = $4 and b = $5 limit $6",
    values: [0, 1, 2, 1, 2, 9],
  });
});

test("what looks like a parameter inside a fragment's text stays as it is", () => {
  const fragment = sql`f('$1', ${identSql("$1")}, ${"x"})`;
  expect(sql`select ${0}, ${fragment}`).toEqual({ text: `select $1, f('$1', "$1", $2)`, values: [0, "x"] });
  expect(sql`${0}${sql.raw("$$ $1 $$")}`.text).toBe("$1$$ $1 $$");
});

test("an object that only looks like SQL is a value", () => {
  const document = { text: "drop table users", values: [] };
  expect(sql`select ${document}::jsonb`).toEqual({ text: "select $1::jsonb", values: [document] });
});

test("identifiers are quoted where they must be", () => {
  expect(ident("public", "order", "a$b", 'a"b', "Ä", "plain_1")).toBe(
    'public."order"."a$b"."a""b"."Ä".plain_1',
  );
});

test("literals with a backslash say so", () => {
  expect([literal("it's"), literal("a\\b")]).toEqual(["'it''s'", " E'a\\\\b'"]);
});
