import { expect, test } from "vitest";
import { compare } from "../../../src/diff/compare.ts";
import type { Snapshot } from "../../../src/schema/snapshot.ts";

const snapshot = (objects: Snapshot["objects"], major = 18): Snapshot => ({ major, database: "d", objects });

test("equal sides give nothing", () => {
  const one = snapshot({ enum: [{ schema: "public", name: "mood", labels: ["sad"] }] });
  expect(compare(one, structuredClone(one))).toEqual([]);
});

test("says which attribute changed, from what to what", () => {
  const mood = { schema: "public", name: "mood" };
  expect(
    compare(
      snapshot({ enum: [{ ...mood, labels: ["sad"] }] }),
      snapshot({ enum: [{ ...mood, labels: ["sad", "ok"] }] }),
    ),
  ).toEqual([
    {
      op: "~",
      kind: "enum",
      object: "public.mood",
      part_of: null,
      within: null,
      attributes: [{ name: "labels", from: ["sad"], to: ["sad", "ok"] }],
    },
  ]);
});

test("what comes with an added object says so; what comes with one that stays does not", () => {
  const owner = { of: "schema app", owner: "ann" };
  const comment = { of: "schema app", column: null, text: "x" };
  const changes = compare(
    snapshot({ schema: [{ name: "old" }] }),
    snapshot({
      schema: [{ name: "app" }],
      owner: [owner],
      comment: [comment, { ...comment, of: "schema old" }],
    }),
  );
  expect(changes.map(({ part_of }) => part_of)).toEqual([
    null,
    null,
    "schema app",
    "schema app",
    "schema old",
  ]);
  expect(changes.map(({ op, kind, object, within }) => [op, kind, object, within])).toEqual([
    ["+", "schema", "app", null],
    ["-", "schema", "old", null],
    ["+", "owner", "of schema app", "schema app"],
    ["+", "comment", "on schema app", "schema app"],
    ["+", "comment", "on schema old", null],
  ]);
});

test("an owner that says nothing is the same as any", () => {
  const owned = (owner: string | null) => snapshot({ owner: [{ of: "schema app", owner }] });
  expect(compare(owned(null), owned("ann"))).toEqual([]);
  expect(compare(owned("ann"), owned(null))).toEqual([]);
  expect(compare(owned("ann"), owned("bob"))).toHaveLength(1);
});

test("refuses servers of different major versions", () => {
  expect(() => compare(snapshot({}, 17), snapshot({}, 18))).toThrow(
    expect.objectContaining({ code: "DIFFER_401", exit: 5 }),
  );
});
