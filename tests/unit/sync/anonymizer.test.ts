import { expect, test } from "vitest";
import { columnOfType } from "../../../src/sync/anonymizer.ts";
import { ANONYMIZERS } from "../../../src/sync/anonymizers/index.ts";
import { columnMasker } from "../../../src/sync/column-masker.ts";

import { parseRule } from "../../../src/sync/rule.ts";
import { IDENTITY } from "../../support/mask.ts";

test.each([
  ["email", { maxLength: 20 }],
  ["null", { isNullable: false }],
  ["email", { type: "int4" }],
])("%s refuses a column that it does not fit: %j", async (name, column) => {
  const refused = columnMasker(parseRule(name), columnOfType("text", column), IDENTITY);
  await expect(refused).rejects.toMatchObject({ code: "ANON_1400" });
});

test("no name stands for two anonymizers, and each is found by its other names", () => {
  const names = ANONYMIZERS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([]);
  expect(parseRule("preserve").anonymizer.name).toBe("keep");
});

test("an unknown anonymizer is an error that names the nearest one, an unknown option too", () => {
  expect(() => parseRule("emial")).toThrow(
    expect.objectContaining({
      code: "ANON_1401",
      message: "there is no anonymizer emial; did you mean email?",
    }),
  );
  expect(() => parseRule({ anonymizer: "email", domian: "x.org" })).toThrow(
    expect.objectContaining({ code: "ANON_1400" }),
  );
});
