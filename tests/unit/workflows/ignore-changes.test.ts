import { expect, test } from "vitest";
import type { Change } from "../../../src/diff/change.ts";
import { ignoreChanges } from "../../../src/workflows/ignore-changes.ts";

const change = (op: Change["op"], kind: string, object: string, within: string | null = null): Change => ({
  op,
  kind,
  object,
  part_of: within,
  within,
  attributes: [],
});

const CHANGES = [
  change("+", "table", "public.a"),
  change("+", "column", "public.a.id", "table public.a"),
  change("+", "comment", "on column public.a.id", "column public.a.id"),
  change("-", "function", "public.f(integer[])"),
  change("~", "table", 'public."a*b"'),
];

const kept = (...patterns: string[]) => {
  const { changes, ignored } = ignoreChanges(CHANGES, patterns);
  return [ignored, ...changes.map(({ op, object }) => `${op} ${object}`)];
};

const F = "- public.f(integer[])";
const STAR = '~ public."a*b"';

test.each([
  [["table public.a"], [1, F, STAR]],
  [["table public.*"], [2, F]],
  [["* public.a"], [1, F, STAR]],
  [["function public.f(integer[])"], [1, "+ public.a", "+ public.a.id", "+ on column public.a.id", STAR]],
  [
    ["table public.a", "function*"],
    [2, STAR],
  ],
  [["*"], [3]],
  [["function public.f(integer[]"], [0, ...kept().slice(1)]],
  [["column public.a.id"], [0, ...kept().slice(1)]],
  [["table public?a"], [1, F, STAR]],
  [[], [0, "+ public.a", "+ public.a.id", "+ on column public.a.id", F, STAR]],
])("%j", (patterns, expected) => {
  expect(kept(...patterns)).toEqual(expected);
});
