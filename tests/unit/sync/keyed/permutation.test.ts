import fc from "fast-check";
import { expect, test } from "vitest";
import { createPermutation } from "../../../../src/sync/keyed/permutation.ts";

const KEY = new Uint8Array(16).fill(7);
const permute = createPermutation(KEY);

/** Every list of digits of some radices. */
const all = (radices: readonly number[]): number[][] =>
  radices.reduce<number[][]>(
    (lists, radix) => lists.flatMap((list) => Array.from({ length: radix }, (_, digit) => [...list, digit])),
    [[]],
  );

test.each([[[10]], [[2, 2]], [[10, 10, 10]], [[26, 10, 3, 2]], [[1, 5]], [[9, 10, 10, 10]]])(
  "all digits of radices %j are moved to all",
  (radices) => {
    const values = all(radices);
    const moved = permute(values.map((digits) => ({ digits, radices })));
    expect(moved.map(String).toSorted()).toEqual(values.map(String).toSorted());
    if (values.length > 10) expect(moved).not.toEqual(values);
  },
);

test("a value goes to the same place, alone or among others; by another key to another one", () => {
  const value = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 30 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (lists) => {
      const values = lists.map((digits) => ({ digits, radices: digits.map(() => 10) }));
      expect(permute(values)).toEqual(values.map((one) => permute([one])[0]));
    }),
  );
  const digits = Array.from({ length: 16 }, (_, i) => i % 10);
  const one = [{ digits, radices: digits.map(() => 10) }];
  expect(createPermutation(new Uint8Array(16))(one)).not.toEqual(permute(one));
});

test("digits come out evenly", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => ({
    digits: String(i).padStart(6, "0").split("").map(Number),
    radices: Array.from({ length: 6 }, () => 10),
  }));
  const counts = Array.from({ length: 10 }, () => 0);
  for (const digits of permute(values)) for (const digit of digits) counts[digit]!++;
  expect(Math.min(...counts)).toBeGreaterThan(5600);
  expect(Math.max(...counts)).toBeLessThan(6400);
});
