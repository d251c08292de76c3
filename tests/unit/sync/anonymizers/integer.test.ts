import { expect, test } from "vitest";
import { maskerFor } from "../../../support/mask.ts";

const ints = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

test("all of int2 are moved to all of int2, each to one of as many digits and the same sign", async () => {
  const values = ints(-32_768, 32_767);
  const masked = (await maskerFor("integer", { type: "int2", isUnique: true }))(values);
  expect(new Set(masked)).toEqual(new Set(values));
  expect(masked.filter((text, i) => text!.length !== values[i]!.length)).toEqual([]);
  expect(masked.filter((text, i) => text!.startsWith("-") !== values[i]!.startsWith("-"))).toEqual([]);
});

test.each([
  ["int4", ["2147483647", "1000000000", "-2147483648"]],
  ["int8", ["9223372036854775807", "1000000000000000000", "-9223372036854775808"]],
])("%s: the largest numbers stay within the type, drawn or permuted", async (type, values) => {
  const many = values.flatMap((value) =>
    ints(0, 999).map((end) => value.slice(0, -3) + end.padStart(3, "0")),
  );
  const limit = { int4: 2n ** 31n, int8: 2n ** 63n }[type]!;
  const held = many.filter((value) => BigInt(value) >= -limit && BigInt(value) < limit);
  for (const isUnique of [true, false]) {
    const masked = (await maskerFor("integer", { type, isUnique }))(held);
    expect(masked.filter((text) => BigInt(text!) < -limit || BigInt(text!) >= limit)).toEqual([]);
    expect(masked.filter((text, i) => text!.length !== held[i]!.length)).toEqual([]);
    if (isUnique) expect(new Set(masked).size).toBe(held.length);
  }
});

test("numerics that differ stay different as numbers", async () => {
  const values = ints(0, 9999).map(
    (number) => `${number.padStart(4, "0").slice(0, 2)}.${number.padStart(4, "0").slice(2)}`,
  );
  const canonical = values.map((value) => String(Number(value)));
  const negative = canonical.filter((value) => value !== "0").map((value) => `-${value}`);
  const all = [...canonical, ...negative];
  const mask = await maskerFor("integer", { type: "numeric", precision: 4, scale: 2, isUnique: true });
  const masked = mask(all).map(Number);
  expect(new Set(masked)).toEqual(new Set(all.map(Number)));
});

test("equal numerics stay equal, and NaN is no number", async () => {
  const [a, b, c, nan] = (await maskerFor("integer", { type: "numeric", isUnique: true }))([
    "1.50",
    "1.5",
    "1.500",
    "NaN",
  ]);
  expect([b, c, nan]).toEqual([a, a, "NaN"]);
});

test.each([
  { precision: 3, scale: 3 },
  { precision: 3, scale: -2 },
])("a numeric without units, %j, is refused", async (column) => {
  await expect(maskerFor("integer", { type: "numeric", ...column })).rejects.toMatchObject({
    code: "ANON_1400",
  });
});
