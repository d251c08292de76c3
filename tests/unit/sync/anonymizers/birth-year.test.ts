import { expect, test } from "vitest";
import { maskerFor } from "../../../support/mask.ts";

test.each([
  [1, "1815-12-10", "1815-01-01"],
  [10, "1815-12-10", "1810-01-01"],
  [100, "1999-12-31", "1900-01-01"],
  [1, "0044-03-15 BC", "0044-01-01 BC"],
  [10, "0044-03-15 BC", "0051-01-01 BC"],
  [100, "4714-11-24 BC", "4714-11-24 BC"],
  [1, "5874897-12-31", "5874897-01-01"],
  [1, "infinity", "infinity"],
  [1, "10.12.1815", "1970-01-01"],
])("of %i years, %s becomes %s", async (years, value, expected) => {
  const mask = await maskerFor({ anonymizer: "birth-year", years }, { type: "date" });
  expect(mask([value])).toEqual([expected]);
});

test("a timestamp becomes midnight", async () => {
  const mask = await maskerFor("birth-year", { type: "timestamptz" });
  expect(mask(["2024-02-29 12:30:00.25+01"])).toEqual(["2024-01-01 00:00:00+00"]);
});
