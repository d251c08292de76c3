import { expect, test } from "vitest";
import { plain } from "../../../src/base/style.ts";
import { changeGroupsText } from "../../../src/diff/change-groups.ts";
import type { Change } from "../../../src/diff/change.ts";

const change = (
  op: Change["op"],
  id: string,
  part_of: string | null,
  within: string | null = null,
): Change => {
  const [kind = "", object = ""] = id.split(" ");
  return { op, kind, object, part_of, within, attributes: [] };
};

const CHANGES = [
  change("~", "table s.a", null),
  change("-", "table s.gone", null),
  change("+", "column s.a.x", "table s.a"),
  change("-", "column s.gone.y", "table s.gone", "table s.gone"),
  change("-", "column s.b.y", "table s.b"),
  change("+", "index s.a_x_idx", "table s.a"),
];

test("each change stands below what it belongs to, which is named also where it stays as it is", () => {
  expect(changeGroupsText(CHANGES, plain).split("\n")).toEqual([
    "~ table s.a",
    "  + column s.a.x",
    "  + index s.a_x_idx",
    "- table s.gone (with column)",
    "~ table s.b",
    "  - column s.b.y",
  ]);
});

test("what was added, removed and changed looks so", () => {
  const looks = changeGroupsText(CHANGES, (look, text) => `${look}(${text})`);
  expect(looks.split("\n").slice(0, 4)).toEqual([
    "changed(~ table s.a)",
    "  added(+ column s.a.x)",
    "  added(+ index s.a_x_idx)",
    "removed(- table s.gone) (with column)",
  ]);
});
