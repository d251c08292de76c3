import { expect, test } from "vitest";
import { DEFAULT_ENVIRONMENT } from "../../../src/config/default-environment.ts";
import { environmentSchema } from "../../../src/config/environment-schema.ts";

test("the defaults are what the schema makes of an empty file", () => {
  expect(DEFAULT_ENVIRONMENT).toEqual(environmentSchema.parse({}));
});
