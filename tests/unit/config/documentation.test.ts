import { expect, test } from "vitest";
import { configurationPage } from "../../../src/config/documentation.ts";

test("docs/configuration.md is what the schema says", async () => {
  await expect(configurationPage()).toMatchFileSnapshot("../../../docs/configuration.md");
});

test("every key has a meaning", () => {
  const rows = configurationPage()
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(90);
  expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});
