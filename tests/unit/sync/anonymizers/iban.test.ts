import { expect, test } from "vitest";
import { maskerFor } from "../../../support/mask.ts";

/** Examples of the registry. */
const VALID = [
  "DE89 3704 0044 0532 0130 00",
  "GB29NWBK60161331926819",
  "FR14 2004 1010 0505 0001 3M02 606",
  "NO93 8601 1117 947",
  "MT84MALT011000012345MTLCAST001S",
  "gb29 nwbk 6016 1331 9268 19",
];

/** By the rule itself: moved to the end, letters as numbers, it leaves 1. */
function isValid(text: string): boolean {
  const compact = text.replaceAll(" ", "").toUpperCase();
  const digits = Array.from(compact.slice(4) + compact.slice(0, 4), (character) =>
    Number.parseInt(character, 36),
  );
  return BigInt(digits.join("")) % 97n === 1n;
}

const layoutOf = (text: string) =>
  text.slice(0, 2) + text.slice(2).replaceAll(/[A-Z]/g, "@").replaceAll(/[a-z]/g, "a").replaceAll(/\d/g, "#");

test.each([true, false])(
  "valid ones become valid ones of the same country and layout; unique: %s",
  async (isUnique) => {
    const mask = await maskerFor("iban", { isUnique });
    const masked = mask(VALID);
    expect(VALID.filter((value) => !isValid(value))).toEqual([]);
    expect(masked.filter((value) => !isValid(value!))).toEqual([]);
    expect(masked.map((value) => layoutOf(value!))).toEqual(VALID.map(layoutOf));
    expect(masked.filter((value, i) => value === VALID[i])).toEqual([]);
  },
);

test("wrong check digits stay wrong, so that accounts stay different", async () => {
  const values = VALID.slice(0, 5).flatMap((value) =>
    Array.from({ length: 100 }, (_, i) => value.slice(0, 2) + String(i).padStart(2, "0") + value.slice(4)),
  );
  const masked = (await maskerFor("iban", { isUnique: true }))(values);
  expect(new Set(masked).size).toBe(values.length);
  expect(masked.filter(isValid as (value: string | null) => boolean)).toHaveLength(
    values.filter(isValid).length,
  );
});

test("what is no account keeps nothing but its layout", async () => {
  for (const isUnique of [true, false]) {
    const masked = (await maskerFor("iban", { isUnique }))(["DE89", "Ada Lovelace", "see DE89 3704", "ÜÄ12"]);
    expect(masked.map((text) => text!.replaceAll(/\p{L}/gu, "a").replaceAll(/\d/g, "#"))).toEqual([
      "aa##",
      "aaa aaaaaaaa",
      "aaa aa## ####",
      "aa##",
    ]);
    expect(masked[0]).not.toMatch(/^DE/);
  }
});
