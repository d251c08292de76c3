import { beforeAll, expect, test } from "vitest";
import { withArrayTypes } from "../../../src/sql/array-casts.ts";
import { loadParser } from "../../../src/sql/parse.ts";

beforeAll(loadParser);

const check = (expression: string) => `alter table t add check (((a)::text = ANY (${expression})))`;

test.each([
  [
    "(ARRAY['é'::character varying, 'y'::character varying])::text[]",
    "(ARRAY['é'::character varying, 'y'::character varying]::character varying[])::text[]",
  ],
  [
    "(ARRAY[b, 'y'::character varying])::text[]",
    "(ARRAY[b, 'y'::character varying]::character varying[])::text[]",
  ],
  [
    `(ARRAY['a'::s."T", ('b'::text)::s."T"])::text[]`,
    `(ARRAY['a'::s."T", ('b'::text)::s."T"]::s."T"[])::text[]`,
  ],
])("the array keeps the type of its elements: %s", (printed, expected) => {
  expect(withArrayTypes(check(printed))).toBe(check(expected));
});

test("several arrays, one within the other", () => {
  const of = (type: string) =>
    `select (ARRAY[CASE WHEN (a = ANY ((ARRAY['x'::varchar]${type})::text[])) THEN 'y'::varchar END, 'z'::varchar]${type})::text[], (ARRAY['x'::varchar]${type})::text[]`;
  expect(withArrayTypes(of(""))).toBe(of("::varchar[]"));
});

test.each([
  "(ARRAY[b, c])::text[]",
  "(ARRAY['x'::character varying, 'y'::text])::text[]",
  "(ARRAY['x'::character varying(3)])::text[]",
  "'(ARRAY[''x''::character varying])::text[]'",
])("what names no one type, and what is a string, stays as it is: %s", (expression) => {
  expect(withArrayTypes(check(expression))).toBe(check(expression));
});

test("so does what the parser does not take", () => {
  const printed = "create function f(json json) begin atomic select (ARRAY['x'::varchar])::text[]; end";
  expect(withArrayTypes(printed)).toBe(printed);
});
