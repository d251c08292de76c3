import fc from "fast-check";
import { expect, test } from "vitest";
import { byteToIndex, characterToIndex } from "../../../src/sql/utf8.ts";

test("byte offsets and character counts of every character give its index", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 3000 }), (text) => {
      const toIndex = byteToIndex(text);
      let [index, bytes, characters] = [0, 0, 0];
      for (const character of text) {
        expect([toIndex(bytes), characterToIndex(text, characters)]).toEqual([index, index]);
        index += character.length;
        bytes += Buffer.byteLength(character);
        characters++;
      }
      expect(toIndex(bytes)).toBe(text.length);
    }),
    { numRuns: 30 },
  );
});

test("offsets beyond the first thousands of characters", () => {
  const text = `${"aé😀".repeat(2000)}!`;
  expect(byteToIndex(text)(Buffer.byteLength(text) - 1)).toBe(text.length - 1);
});
