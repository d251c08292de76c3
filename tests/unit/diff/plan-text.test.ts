import { expect, test } from "vitest";
import { plain } from "../../../src/base/style.ts";
import type { Hazard } from "../../../src/diff/hazards.ts";
import { planText } from "../../../src/diff/plan-text.ts";

const step = (sql: string, transaction: number | null, part_of: string | null = "table t") => ({
  sql,
  transaction,
  object: sql,
  part_of,
  hazards: [],
  measured: false,
});

test("transactions and what their steps are done to stand above the steps", () => {
  const steps = [step("one", 1), step("two", 1), step("three", 1, null), step("four", null), step("five", 2)];
  expect(planText(steps, plain)).toBe(
    [
      "-- transaction 1\n-- table t\none;\ntwo;",
      "-- three\nthree;",
      "-- in no transaction\n-- table t\nfour;",
      "-- transaction 2\n-- table t\nfive;",
    ].join("\n\n"),
  );
});

test("what was seen to be light says so", () => {
  const lines = (hazards: Hazard[]) =>
    planText([{ ...step("alter", 1), measured: true, hazards }], plain)
      .split("\n")
      .slice(3);
  expect(lines([])).toEqual(["--   measured: goes through no rows"]);
  const scan: Hazard = { hazard: "scan", object: "t", lock: null, effect: "e" };
  expect(lines([scan])).toEqual(["--   scan: t: e"]);
});

test("hazards look as bad as they are", () => {
  const hazards = [
    { hazard: "data-loss", object: "table t", lock: null, effect: "e" },
    { hazard: "lock", object: "t", lock: "ACCESS EXCLUSIVE", effect: "e" },
    { hazard: "lock", object: "t", lock: "SHARE", effect: "e" },
  ] as const;
  const text = planText([{ ...step("drop", 1), hazards: [...hazards] }], (look, line) => `${look}|${line}`);
  expect(text.split("\n").slice(3)).toEqual([
    "danger|--   data-loss: table t: e",
    "caution|--   lock: ACCESS EXCLUSIVE on t: e",
    "aside|--   lock: SHARE on t: e",
  ]);
});
