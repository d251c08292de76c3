import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PITFALLS } from "./pitfalls.ts";

const pathOf = (name: string) => `tests/${name}.test.ts`;

/** Whether a test or a describe of this title is called, as a string literal of its own. */
function hasTitle(text: string, title: string): boolean {
  const literal = title.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`\\(\\s*(["'\`])${literal}\\1\\s*,`).test(text);
}

test("the guard tells a title from a part of one", () => {
  const text = 'test("a long title", () => {});\ntest.each([1])(\n  "%s of it",\n  () => {},\n);';
  expect(["a long title", "%s of it", "a long", "long title"].map((title) => hasTitle(text, title))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("there are at least thirty, each with a test", () => {
  expect(PITFALLS.length).toBeGreaterThanOrEqual(30);
  expect(PITFALLS.filter(({ tests }) => Object.values(tests).flat().length === 0)).toEqual([]);
});

test.each(PITFALLS)("$guarantee", ({ tests }) => {
  for (const [name, titles] of Object.entries(tests)) {
    const file = pathOf(name);
    expect(existsSync(file), `${file} does not exist`).toBe(true);
    const text = readFileSync(file, "utf8");
    expect(titles.filter((title) => !hasTitle(text, title))).toEqual([]);
  }
});

test("docs/pitfalls.md", async () => {
  const items = PITFALLS.map(({ guarantee, tests }, i) => {
    const shown = Object.entries(tests).flatMap(([name, titles]) =>
      titles.map((title) => `   - \`${pathOf(name)}\`: ${title}`),
    );
    return [`${i + 1}. **${guarantee}**`, ...shown].join("\n");
  });
  await expect([...HEAD, ...items, ""].join("\n")).toMatchFileSnapshot("../../docs/pitfalls.md");
});

const HEAD = [
  "# What cannot happen",
  "",
  "More than thirty things that go wrong with migrations elsewhere, what Confiture guarantees instead, and the tests that would",
  "fail if it were not so. `tests/guards/pitfalls.test.ts` holds this list: a test that is named here exists. In a title,",
  "`%s` and the like stand for the cases of one test.",
  "",
];
