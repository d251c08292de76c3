import { expect, test } from "vitest";
import { anonymizersPage } from "../../../src/sync/documentation.ts";

const page = await anonymizersPage();

test("docs/anonymizers.md is what the anonymizers say", async () => {
  await expect(page).toMatchFileSnapshot("../../../docs/anonymizers.md");
});

test("every option has a meaning", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `") && line.split(" | ").length === 4);
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});
