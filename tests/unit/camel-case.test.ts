import { expect, test } from "vitest";
import { camelCased } from "../../src/camel-case.ts";

test("keys become camelCase all the way down, but for what details holds", () => {
  const result = { duration_ms: 1, applied: [{ rows_affected: 2 }], details: { not_mine: 3 }, plain: null };
  expect(camelCased(result)).toEqual({
    durationMs: 1,
    applied: [{ rowsAffected: 2 }],
    details: { not_mine: 3 },
    plain: null,
  });
});
