import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { LOCALES } from "../../../../src/sync/realistic/locale.ts";
import { maskerFor } from "../../../support/mask.ts";

const REALISTIC = ["first-name", "last-name", "full-name", "street", "city", "country", "company"];

test("the locales are those that Faker has data of", () => {
  const folder = dirname(createRequire(import.meta.url).resolve("@faker-js/faker/locale/en"));
  const files = readdirSync(folder).filter((file) => file.endsWith(".js") && file !== "base.js");
  expect(LOCALES).toEqual(files.map((file) => file.slice(0, -".js".length)).toSorted());
});

test.each(LOCALES)("%s has words for everything", async (locale) => {
  const values = Array.from({ length: 50 }, (_, i) => `value ${i}`);
  for (const anonymizer of REALISTIC) {
    const masked = (await maskerFor({ anonymizer, locale }))(values);
    for (const text of masked) expect(text).toMatch(/^[^{}#<>]*[\p{L}\p{N}][^{}#<>]*$/u);
    expect(new Set(masked).size).toBeGreaterThan(4);
  }
});

test("a locale that Faker does not have is refused", async () => {
  await expect(maskerFor({ anonymizer: "city", locale: "xx" })).rejects.toMatchObject({ code: "ANON_1400" });
});
