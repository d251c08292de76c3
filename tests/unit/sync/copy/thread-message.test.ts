import { expect, test } from "vitest";
import { ConfitureError } from "../../../../src/base/errors.ts";
import { ANONYMIZERS } from "../../../../src/sync/anonymizers/index.ts";
import { errorOf, plainError } from "../../../../src/sync/copy/thread-message.ts";

const sent = (error: unknown) => errorOf(structuredClone(plainError(error)));

test("an error of ours arrives as it left", () => {
  const cause = new Error("why");
  const context = { file: "rules.yaml", line: 7, details: { table: "t" }, actionable: "Do it.", cause };
  const error = new ConfitureError("SYNC_303", "no", context);
  const arrived = sent(error) as ConfitureError;
  expect(arrived).toBeInstanceOf(ConfitureError);
  expect(arrived).toEqual(error);
  expect([arrived.code, arrived.context, arrived.stack]).toEqual([error.code, error.context, error.stack]);
});

test("of any other error its name, message and stack arrive", () => {
  const error = new RangeError("too far");
  const { name, message, stack } = sent(error);
  expect({ name, message, stack }).toEqual({ name: "RangeError", message: "too far", stack: error.stack });
  expect(sent("text")).toEqual(new Error("text"));
});

test.each(ANONYMIZERS.map((anonymizer) => [anonymizer.name, anonymizer] as const))(
  "options of %s can go to another thread",
  (_, { options, example }) => {
    const parsed = options.parse(example.options);
    expect(structuredClone(parsed)).toEqual(parsed);
  },
);
