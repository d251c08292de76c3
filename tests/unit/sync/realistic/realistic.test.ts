import { expect, test } from "vitest";
import { columnOf, maskerFor } from "../../../support/mask.ts";
import { parseRule } from "../../../../src/sync/rule.ts";

const VALUES = Array.from({ length: 3000 }, (_, i) => `value ${i}`);

test.each([
  ["full-name", "de", ["Mirko Proske", "Delia Cordes"]],
  ["full-name", "ja", ["町田 直樹", "大塚 七海"]],
  ["street", "fr", ["78 Allée de Paris", "211 Rue Zadkine"]],
  ["company", "en", ["Ratke, Paucek and Boyer", "Ernser - Cartwright"]],
])("%s of %s: other lists of Faker would give other words", async (anonymizer, locale, words) => {
  expect((await maskerFor({ anonymizer, locale }))(["Ada", "Bob"])).toEqual(words);
});

test.each([
  ["first-name", 3],
  ["last-name", 4],
  ["full-name", 8],
  ["street", 12],
  ["city", 5],
  ["country", 4],
  ["company", 12],
])("%s in a column of %i characters gives shorter words", async (anonymizer, maxLength) => {
  const masked = (await maskerFor(anonymizer, { maxLength }))(VALUES);
  expect(masked.filter((text) => text!.length > maxLength)).toEqual([]);
  expect(new Set(masked).size).toBeGreaterThan(3);
});

test.each(["first-name", "company"])("%s has nothing for a column of one character", async (anonymizer) => {
  await expect(maskerFor(anonymizer, { maxLength: 1 })).rejects.toMatchObject({ code: "ANON_1400" });
});

test("values stay different with `unique`, which takes 21 characters more", async () => {
  const rule = { anonymizer: "first-name", unique: true };
  const masked = (await maskerFor(rule, { maxLength: 24, isUnique: true }))(VALUES);
  expect(new Set(masked).size).toBe(VALUES.length);
  for (const text of masked) expect(text).toMatch(/^.{1,3} [0-9a-z]{20}$/);
  await expect(maskerFor(rule, { maxLength: 22 })).rejects.toMatchObject({ code: "ANON_1400" });
  const { anonymizer, options } = parseRule(rule);
  expect(anonymizer.distinctness(options, columnOf())).toBe("collision-free");
});

test("a name of 63 bytes at most fits PostgreSQL's type `name`", async () => {
  const rule = { anonymizer: "full-name", locale: "ka_GE", unique: true };
  const masked = (await maskerFor(rule, { type: "name" }))(VALUES);
  expect(masked.filter((text) => Buffer.byteLength(text!) > 63)).toEqual([]);
  expect(new Set(masked).size).toBe(VALUES.length);
});

test("a code of a country becomes a code of the same sort", async () => {
  const mask = await maskerFor({ anonymizer: "country", locale: "fr" });
  const [alpha2, alpha3, lower, numeric, name, empty] = mask(["IS", "ISL", "is", "352", "Islande", ""]);
  expect([alpha2, alpha3, lower, numeric, empty]).toEqual([
    expect.stringMatching(/^[A-Z]{2}$/),
    expect.stringMatching(/^[A-Z]{3}$/),
    expect.stringMatching(/^[a-z]{2}$/),
    expect.stringMatching(/^\d{3}$/),
    "",
  ]);
  expect(name).toMatch(/^[\p{L}'() -]{4,}$/u);
});

test("a postal code has the layout that it had, and the locale's form where that is the same", async () => {
  const uk = (await maskerFor({ anonymizer: "postal-code", locale: "en_GB" }))([
    "SW1 2AA",
    "SW1A 2AA",
    "x-1",
  ]);
  expect(uk).toEqual([
    expect.stringMatching(/^[A-Z]{2}\d \d[A-Z]{2}$/),
    expect.stringMatching(/^[A-Z]{2}\d[A-Z] \d[A-Z]{2}$/),
    expect.stringMatching(/^[a-z]-\d$/),
  ]);
  const kept = (await maskerFor({ anonymizer: "postal-code", keep_first: 2 }))(["75011", "SW1A 2AA", "7"]);
  expect(kept).toEqual([
    expect.stringMatching(/^75\d{3}$/),
    expect.stringMatching(/^SW\d[A-Z] \d[A-Z]{2}$/),
    expect.stringMatching(/^\d$/),
  ]);
});

test.each(["first-name", "last-name", "full-name", "street", "city", "country", "company"])(
  "%s knows what might come from it: what it gave, and no other text",
  async (name) => {
    for (const rule of [
      { anonymizer: name, locale: "fr" },
      ...(name === "country" ? [] : [{ anonymizer: name, unique: true }]),
    ]) {
      const column = columnOf({ maxLength: 40 });
      const never = () => Promise.reject(new Error("there is no rule inside"));
      const { anonymizer, options } = parseRule(rule);
      const mayGive = await anonymizer.mayGive!(options, column, never);
      const masked = (await maskerFor(rule, column))([...VALUES, "IS", "ISL", "is", ""]);
      expect(masked.filter((text) => !mayGive(text!))).toEqual([]);
      expect(["Wolfeschlegelsteinhausen", "x", "Marie  ", "12 rue"].filter(mayGive)).toEqual([]);
    }
  },
);
