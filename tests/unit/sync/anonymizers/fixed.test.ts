import { expect, test } from "vitest";
import type { MaskedColumn } from "../../../../src/sync/anonymizer.ts";
import { mayGive } from "../../../../src/sync/column-masker.ts";
import { parseRule } from "../../../../src/sync/rule.ts";
import { masked, TEXT_COLUMN } from "../../../support/mask.ts";

const expressionOf = async (rule: object, column: Partial<MaskedColumn> = {}): Promise<string> => {
  const { anonymizer, options } = parseRule(rule as { anonymizer: string });
  return anonymizer.expression!(options, { ...TEXT_COLUMN, ...column }, 't."c"');
};

const values = Array.from({ length: 2000 }, (_, i) => `value ${i}`);

test.each([
  ["", { type: "varchar", maxLength: 1 }],
  ["x", { type: "varchar", maxLength: 1 }],
  ["😀", { type: "varchar", maxLength: 1 }],
  [-32768, { type: "int2" }],
  ["9223372036854775807", { type: "int8" }],
  [true, { type: "bool" }],
  [1.5, { type: "numeric" }],
  ["NaN", { type: "float8" }],
  ["018f4d2e-7a6b-7c3d-9e8f-0123456789ab", { type: "uuid" }],
  ["new", { type: "state", labels: ["new", "old"] }],
  ["1 day", { type: "interval" }],
])("constant: %j stands in %j", async (value, column) => {
  const [result] = await masked({ anonymizer: "constant", value }, ["any"], column);
  expect(result).toBe(String(value));
});

test.each([
  ["xy", { type: "varchar", maxLength: 1 }],
  ["a\0", {}],
  [32768, { type: "int2" }],
  [1.5, { type: "int4" }],
  ["9223372036854775808", { type: "int8" }],
  ["maybe", { type: "bool" }],
  ["1,5", { type: "numeric" }],
  ["018f4d2e", { type: "uuid" }],
  ["other", { type: "state", labels: ["new", "old"] }],
  [2 ** 60, { type: "numeric" }],
])("constant and choice: %j does not stand in %j", async (value, column) => {
  const refusal = { code: "ANON_1400" };
  await expect(masked({ anonymizer: "constant", value }, [], column)).rejects.toMatchObject(refusal);
  await expect(masked({ anonymizer: "choice", values: [value] }, [], column)).rejects.toMatchObject(refusal);
  await expect(expressionOf({ anonymizer: "constant", value }, column)).rejects.toMatchObject(refusal);
});

test("constant and redact are evaluated at the source, whatever their text", async () => {
  const value = "it's a \\";
  expect(await expressionOf({ anonymizer: "constant", value })).toBe("cast( E'it''s a \\\\' as text)");
  expect(await expressionOf({ anonymizer: "redact" }, { maxLength: 4 })).toBe("'[RED'");
  expect(await masked("redact", ["a", ""], { maxLength: 4 })).toEqual(["[RED", "[RED"]);
});

test("choice: each value as often as its weight says", async () => {
  const rule = { anonymizer: "choice", values: ["a", "b", 3], weights: [1, 2, 7] };
  const given = await masked(rule, values);
  const share = (value: string) => given.filter((one) => one === value).length / given.length;
  expect(share("a")).toBeCloseTo(0.1, 1);
  expect(share("b")).toBeCloseTo(0.2, 1);
  expect(share("3")).toBeCloseTo(0.7, 1);
});

test("choice: any label of an enum, and both truth values", async () => {
  const labels = ["new", "old", "gone"];
  expect(new Set(await masked("choice", values, { type: "state", labels }))).toEqual(new Set(labels));
  expect(new Set(await masked("choice", values, { type: "bool" }))).toEqual(new Set(["t", "f"]));
});

test.each([
  [{ anonymizer: "choice" }, "no labels to choose from"],
  [{ anonymizer: "choice", values: [] }, "values"],
  [{ anonymizer: "choice", values: ["a"], weights: [1, 2] }, "as many weights as values"],
  [{ anonymizer: "choice", weights: [1] }, "as many weights as values"],
  [{ anonymizer: "choice", values: ["a"], weights: [0] }, "weights"],
  [{ anonymizer: "constant" }, "value"],
])("%j is refused", async (rule, message) => {
  await expect(masked(rule, [])).rejects.toMatchObject({
    code: "ANON_1400",
    message: expect.stringContaining(message) as string,
  });
});

test("what is fixed may be found in the target, and nothing else", async () => {
  const rules = [
    { anonymizer: "constant", value: 7 },
    { anonymizer: "redact", replacement: "7 and more" },
    { anonymizer: "choice", values: [7, 8] },
  ];
  for (const rule of rules) {
    const may = await mayGive(parseRule(rule), { ...TEXT_COLUMN, maxLength: 1 });
    expect([may("7"), may("9")]).toEqual([true, false]);
  }
});

test("sql: the column stands where it is named, and the text is one expression", async () => {
  const expression = "left({column}, 1) || '$&' || md5({column}) -- short";
  expect(await expressionOf({ anonymizer: "sql", expression })).toBe(
    `(left(t."c", 1) || '$&' || md5(t."c") -- short\n)`,
  );
});

test.each([
  "1), (2",
  "1) from x where (true",
  "1) union select (2",
  "1; drop table x",
  "(1",
  "",
  "1) limit (1",
])("sql: %j is no expression", async (expression) => {
  await expect((async () => expressionOf({ anonymizer: "sql", expression }))()).rejects.toMatchObject({
    code: "ANON_1400",
  });
});
