import fc from "fast-check";
import { expect, test } from "vitest";
import { readDecimal, unitsAt } from "../../../../src/sync/values/decimal.ts";
import { maskerFor } from "../../../support/mask.ts";

const size = (number: bigint) => (number < 0n ? -number : number);

test.each([
  ["int2", 15n],
  ["int4", 31n],
  ["int8", 63n],
])("%s: within the percentage and the type, never the same, never of another sign", async (type, bits) => {
  const mask = await maskerFor({ anonymizer: "noise", percent: 12.5 }, { type });
  const [least, most] = [-(2n ** bits), 2n ** bits - 1n];
  fc.assert(
    fc.property(fc.bigInt({ min: least, max: most }), (number) => {
      const masked = BigInt(mask([String(number)])[0]!);
      const spread = size(number) / 8n || 1n;
      expect(masked).not.toBe(number);
      expect(size(masked - number) <= spread).toBe(true);
      expect(masked >= least && masked <= most).toBe(true);
      expect(number < 0n ? masked <= 0n : masked >= 0n).toBe(true);
    }),
    { examples: [[least], [most], [0n], [1n], [-1n]] },
  );
});

test("every number within the amount is drawn about as often", async () => {
  const mask = await maskerFor({ anonymizer: "noise", amount: 3 }, { type: "int4" });
  const counts = new Map<number, number>();
  for (let i = 100; i < 12_100; i++) {
    const difference = Number(mask([String(i)])[0]) - i;
    counts.set(difference, (counts.get(difference) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([-3, -2, -1, 1, 2, 3]);
  for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test("a numeric has the digits of its column, or those that it had", async () => {
  const held = await maskerFor("noise", { type: "numeric", precision: 30, scale: 2 });
  const free = await maskerFor("noise", { type: "numeric" });
  const value = "1234567890123456789012345678.91";
  for (const mask of [held, free]) {
    const [masked] = mask([value]);
    expect(masked).toMatch(/^\d{27,28}\.\d\d$/);
    const [before, after] = [value, masked!].map((text) => unitsAt(readDecimal(text)!, 2));
    expect(size(after! - before!) <= before! / 10n).toBe(true);
  }
  expect(free(["500", "NaN", "Infinity"])).toEqual([expect.stringMatching(/^\d+$/), "NaN", "Infinity"]);
});

test.each(["float4", "float8"])("%s: within the percentage, never the same", async (type) => {
  const mask = await maskerFor({ anonymizer: "noise", percent: 1 }, { type });
  const rounded = type === "float4" ? Math.fround : Number;
  const numbers =
    type === "float4"
      ? fc.float({ noDefaultInfinity: true, noNaN: true })
      : fc.double({ noDefaultInfinity: true, noNaN: true });
  fc.assert(
    fc.property(numbers, (number) => {
      const masked = Number(mask([String(number)])[0]);
      expect(masked).toBe(rounded(masked));
      expect(number < 0 ? masked <= 0 : masked >= 0).toBe(true);
      expect(masked === number).toBe(false);
      expect(Number.isFinite(masked)).toBe(true);
      if (Math.abs(number) < 1e-30) return;
      expect(Math.abs(masked - number)).toBeLessThanOrEqual(Math.abs(number) * 0.010_001);
    }),
    { examples: [[0], [-0], [rounded(type === "float4" ? 3.4028234663852886e38 : Number.MAX_VALUE)]] },
  );
  expect(mask(["NaN", "-Infinity"])).toEqual(["NaN", "-Infinity"]);
  const slight = await maskerFor({ anonymizer: "noise", amount: 1e-9 }, { type });
  expect(slight(["16777216", "1e+30"])).not.toContainEqual(expect.stringMatching(/^(?:16777216|1e\+30)$/));
});

test.each([
  [{ percent: 1, amount: 1 }, { type: "int4" }],
  [{ amount: 0.5 }, { type: "int4" }],
  [{ amount: 0.001 }, { type: "numeric", precision: 10, scale: 2 }],
])("%j is refused for %j", async (options, column) => {
  await expect(maskerFor({ anonymizer: "noise", ...options }, column)).rejects.toMatchObject({
    code: "ANON_1400",
  });
});
