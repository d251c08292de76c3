import { expect, test } from "vitest";
import { maskerFor } from "../../../support/mask.ts";

const VALID = [
  "4111 1111 1111 1111",
  "5500-0055-5555-5559",
  "378282246310005",
  "6304000000000000000",
  "30569309025904",
];

/** By the rule itself: every second digit from the right is doubled. */
function isValid(text: string): boolean {
  const digits = Array.from(text.replaceAll(/\D/g, ""), Number).toReversed();
  const sum = digits.reduce(
    (total, digit, at) => total + (at % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)),
    0,
  );
  return sum % 10 === 0;
}

test.each([true, false])("valid ones become valid ones of the same layout; unique: %s", async (isUnique) => {
  const masked = (await maskerFor("credit_card", { isUnique }))(VALID);
  expect(VALID.filter((value) => !isValid(value))).toEqual([]);
  expect(masked.filter((value) => !isValid(value!))).toEqual([]);
  expect(masked.map((value) => value!.replaceAll(/\d/g, "#"))).toEqual(
    VALID.map((value) => value.replaceAll(/\d/g, "#")),
  );
  for (const value of masked) expect(value).toMatch(/^[2-6]/);
});

test.each([true, false])("digits at both ends stay, those between do not; unique: %s", async (isUnique) => {
  const rule = { anonymizer: "credit-card", keep_first: 6, keep_last: 4 };
  const masked = (await maskerFor(rule, { isUnique }))(["4111 1122 3344 5560", "4111112233445561"]);
  expect(masked).toEqual([
    expect.stringMatching(/^4111 11\d\d \d{4} 5560$/),
    expect.stringMatching(/^411111\d{6}5561$/),
  ]);
  expect(masked.map((value) => isValid(value!))).toEqual(
    ["4111 1122 3344 5560", "4111112233445561"].map(isValid),
  );
});

test("all numbers that differ in the digits between are moved to all of them", async () => {
  const values = Array.from({ length: 10_000 }, (_, i) => `4111${String(i).padStart(4, "0")}1111`);
  const rule = { anonymizer: "credit-card", keep_first: 4, keep_last: 4 };
  const masked = (await maskerFor(rule, { isUnique: true }))(values);
  expect(new Set(masked)).toEqual(new Set(values));
  expect(masked.filter((value, i) => isValid(value!) !== isValid(values[i]!))).toEqual([]);
});

test("of a number with too few digits between nothing is kept", async () => {
  const rule = { anonymizer: "credit-card", keep_first: 8, keep_last: 4 };
  const [twelve, four] = (await maskerFor(rule))(["999988887777", "1234"]);
  expect(twelve).toMatch(/^(?!99998888)\d{12}$/);
  expect(four).toMatch(/^(?!1234)\d{4}$/);
});
