import { expect, test } from "vitest";
import { type Change, changeText } from "../../../src/diff/change.ts";

const change = (op: Change["op"], kind: string, object: string, rest: Partial<Change> = {}): Change => ({
  op,
  kind,
  object,
  part_of: null,
  within: null,
  attributes: [],
  ...rest,
});
const changed = (name: string, from: unknown, to: unknown): string =>
  changeText([change("~", "thing", "x", { attributes: [{ name, from, to }] })]);

test("no changes are no text", () => {
  expect(changeText([])).toBe("");
});

test("one line per object, and what comes with it counted behind it, however deep", () => {
  const text = changeText([
    change("+", "table", "public.t"),
    change("-", "table", "public.old"),
    change("+", "column", "public.t.a", { within: "table public.t" }),
    change("+", "column", "public.t.b", { within: "table public.t" }),
    change("+", "comment", "on column public.t.a", { within: "column public.t.a" }),
  ]);
  expect(text).toBe("+ table public.t (with column × 2, comment)\n- table public.old");
});

test("values of every type", () => {
  expect(changed("type", "text", "varchar(255)")).toBe("~ thing x: type text -> varchar(255)");
  expect(changed("not_null", false, true)).toBe("~ thing x: not_null false -> true");
  expect(changed("labels", ["a"], ["a", "b"])).toBe('~ thing x: labels ["a"] -> ["a","b"]');
  expect(changed("default", null, "0")).toBe("~ thing x: default none -> 0");
});

test("long values are cut around the first difference", () => {
  const long = "same ".repeat(40);
  const text = changed("definition", `${long}one`, `${long}two`);
  expect(text).toMatch(/^~ thing x: definition ….*same one -> ….*same two$/);
  expect(text.length).toBeLessThan(200);
});

test("of several lines the first that differs is shown", () => {
  expect(changed("body", "begin\n  one;\nend", "begin\n  two;\nend")).toBe(
    "~ thing x: body line 2 one; -> two;",
  );
  expect(changed("body", "begin\nend", "begin\nend\n-- more")).toBe(
    "~ thing x: body line 3 (end) -> -- more",
  );
});
