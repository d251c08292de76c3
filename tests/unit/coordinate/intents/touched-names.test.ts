import { expect, test } from "vitest";
import { changedTables, OPAQUE, touchedNames } from "../../../../src/coordinate/intents/touched-names.ts";
import { footprint } from "../../../support/coordination.ts";

test("an object and its parts are one name, which only reads when all of them do", () => {
  expect(touchedNames(footprint("t", "c"))).toEqual([{ schema: "public", name: "t", only_reads: false }]);
  expect(touchedNames(footprint("t", "c", "read", null))).toEqual([
    { schema: "", name: "t", only_reads: false },
  ]);
  const { touches, statements } = footprint("t", "c", "read data");
  expect(touchedNames({ statements, touches: touches.slice(1) })).toEqual([
    { schema: "public", name: "t", only_reads: true },
  ]);
});

test("what is opaque, and a schema that goes, is any name", () => {
  expect(touchedNames(OPAQUE)).toEqual([{ schema: "", name: "*", only_reads: false }]);
  const object = { type: "schema", schema: null, name: "app", part: null };
  const touch = { object, mode: "drop" as const, statement: 0, via: null };
  expect(touchedNames({ statements: [], touches: [touch] })).toEqual([
    { schema: "", name: "app", only_reads: false },
    { schema: "app", name: "*", only_reads: false },
  ]);
});

test("a function is found with and without its arguments", () => {
  const names = ["f", "f(integer, text)", "f()", "(odd)"].map((name) => ({
    object: { type: "function", schema: "public", name, part: null },
    mode: "drop" as const,
    statement: 0,
    via: null,
  }));
  expect(touchedNames({ statements: [], touches: names }).map(({ name }) => name)).toEqual(["f", "(odd)"]);
});

test("the tables of an intent are those that it does more than read", () => {
  const { statements, touches } = footprint("t", "c");
  const read = footprint("u", "c", "read").touches.slice(1);
  expect(changedTables({ statements, touches: [...touches, ...read, ...OPAQUE.touches] })).toEqual([
    "public.t",
  ]);
});

test("an index is no table", () => {
  const { statements, touches } = footprint("t", "c");
  const table = touches[0]!.object;
  const made = [
    {
      ...touches[0]!,
      object: { ...table, part: { type: "index", name: "t_c_idx" } },
      mode: "create" as const,
    },
    { ...touches[0]!, object: { ...table, name: "t_c_idx" }, mode: "create" as const },
  ];
  expect(changedTables({ statements, touches: [...touches, ...made] })).toEqual(["public.t"]);
});
