import { expect, test } from "vitest";
import { isForeignLetter, lettersOf } from "../../../../src/sync/values/foreign-letters.ts";

/** Every letter beyond ASCII. */
const LETTERS = Array.from({ length: 0x110000 - 0x80 }, (_, i) => i + 0x80)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter(isForeignLetter);

test("every letter is one of its letters, which are the same for all of them", () => {
  expect(LETTERS.length).toBeGreaterThan(100_000);
  const members = new Map<object, string[]>();
  for (const letter of LETTERS) {
    const letters = lettersOf(letter);
    expect(letters.characterOf(letters.digitsOf(letter))).toBe(letter);
    const known = members.get(letters);
    if (known === undefined) members.set(letters, [letter]);
    else known.push(letter);
  }
  for (const [letters, own] of members) {
    const { radices } = letters as { radices: readonly number[] };
    expect(radices.reduce((product, radix) => product * radix)).toBe(own.length);
    expect(Math.max(...radices)).toBeLessThanOrEqual(256);
  }
});

test("small letters stay small, and letters of large scripts may become any of them", () => {
  expect(lettersOf("é").characterOf([0])).toMatch(/\p{Ll}/u);
  expect(lettersOf("一")).toBe(lettersOf("龥"));
  expect(lettersOf("가")).toBe(lettersOf("힣"));
});
