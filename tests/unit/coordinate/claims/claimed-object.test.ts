import { expect, test } from "vitest";
import { pathOf, readObject } from "../../../../src/coordinate/claims/claimed-object.ts";

test.each([
  ["public.users", ["database", "schema public", "public.users"]],
  ["Public.Users", ["database", "schema public", "public.users"]],
  ["view public.v", ["database", "schema public", "public.v"]],
  ["materialized  view public.v", ["database", "schema public", "public.v"]],
  ["public.users.email", ["database", "schema public", "public.users", "public.users.email"]],
  ["column public.users.email", ["database", "schema public", "public.users", "public.users.email"]],
  [
    'trigger public."My Users".t',
    ["database", "schema public", 'public."My Users"', 'trigger public."My Users".t'],
  ],
  ['"a.b"."c ""d"""', ["database", 'schema "a.b"', '"a.b"."c ""d"""']],
  ["function public.f", ["database", "schema public", "function public.f"]],
  ["procedure public.f", ["database", "schema public", "function public.f"]],
  ["domain public.d", ["database", "schema public", "type public.d"]],
  ["schema app", ["database", "schema app"]],
  ["extension hstore", ["database", "extension hstore"]],
  ["DATABASE", ["database"]],
])("%s", async (text, path) => {
  expect(await readObject(text)).toEqual(path);
});

test.each([
  "users",
  "function f",
  "function public.f(int)",
  "schema a.b",
  "a.b.c.d",
  "table public.t.c",
  "trigger public.t",
  "thing public.t",
  "",
  "public.",
  "public.t, public.u",
  "public.*",
])("%j is not well said", async (text) => {
  await expect(readObject(text)).rejects.toMatchObject({ code: "COORD_1022", exit: 5 });
});

test("what may stand for any name is what it would be in", () => {
  const whole = { type: "relation", schema: "public", name: "t", part: null };
  expect(pathOf({ ...whole, part: { type: "constraint", name: "*" } }).at(-1)).toBe("public.t");
  expect(pathOf({ ...whole, name: "*" }).at(-1)).toBe("schema public");
  expect(pathOf({ ...whole, schema: null, name: "*" })).toEqual(["database"]);
  expect(pathOf({ type: "schema", schema: null, name: "*", part: null })).toEqual(["database"]);
  expect(pathOf({ ...whole, part: { type: "constraint", name: "c" } }).at(-1)).toBe("constraint public.t.c");
  const overload = { type: "signature", name: "int" };
  expect(pathOf({ type: "function", schema: "public", name: "f", part: overload }).at(-1)).toBe(
    "function public.f",
  );
});
