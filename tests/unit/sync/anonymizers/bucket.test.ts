import fc from "fast-check";
import { expect, test } from "vitest";
import { maskerFor } from "../../../support/mask.ts";

const bucket = (step: number, type: string) => maskerFor({ anonymizer: "bucket", step }, { type });

test.each([
  [10, "int4", "36", "30"],
  [10, "int4", "30", "30"],
  [10, "int4", "-1", "-10"],
  [10, "int2", "-32768", "-32760"],
  [1000, "int8", "-9223372036854775808", "-9223372036854775000"],
  [1000, "int8", "9223372036854775807", "9223372036854775000"],
  [0.25, "numeric", "12345678901234567890.99", "12345678901234567890.75"],
  [0.1, "float8", "0.3", "0.3"],
  [0.1, "float8", "-0", "0.0"],
  [100, "float8", "1e+22", "10000000000000000000000"],
  [10, "float8", "NaN", "NaN"],
  [10, "numeric", "-Infinity", "-Infinity"],
])("by %d, %s %s becomes %s", async (step, type, value, expected) => {
  expect((await bucket(step, type))([value])).toEqual([expected]);
});

test("the lowest float goes up, as there is none below", async () => {
  const [masked] = (await bucket(1e15, "float8"))([String(-Number.MAX_VALUE)]);
  expect(Number(masked)).toBe(-Number.MAX_VALUE);
  expect(BigInt(masked!) % 10n ** 15n).toBe(0n);
});

test("integers are what BigInt says", async () => {
  const mask = await bucket(7, "int8");
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (number) => {
      const masked = BigInt(mask([String(number)])[0]!);
      expect(masked % 7n).toBe(0n);
      expect(number - masked >= 0n && number - masked < 7n).toBe(true);
    }),
  );
});

test.each([
  [0.5, { type: "int4" }],
  [0.125, { type: "numeric", precision: 5, scale: 2 }],
  [10, { type: "numeric", precision: 5, scale: -2 }],
])("a step of %d is refused by %j, which does not hold it", async (step, column) => {
  await expect(maskerFor({ anonymizer: "bucket", step }, column)).rejects.toMatchObject({
    code: "ANON_1400",
  });
});

test("what is a multiple might come from here, whatever its digits", async () => {
  const { bucket: anonymizer } = await import("../../../../src/sync/anonymizers/bucket.ts");
  const never = () => Promise.reject(new Error("there is no rule inside"));
  const { columnOf } = await import("../../../support/mask.ts");
  const mayGive = await anonymizer.mayGive!({ step: 2.5 }, columnOf({ type: "numeric" }), never);
  expect(["7.5", "7.50", "10", "0", "NaN", "7.4", "1"].filter(mayGive)).toEqual([
    "7.5",
    "7.50",
    "10",
    "0",
    "NaN",
  ]);
});
