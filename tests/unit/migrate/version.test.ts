import { expect, test } from "vitest";
import { compareVersions } from "../../../src/migrate/version.ts";

test("digits compare as numbers, anything else as text, numbers first", () => {
  const versions = ["10", "9", "b", "001", "20260101120000", "a", "2"];
  expect(versions.toSorted(compareVersions)).toEqual(["001", "2", "9", "10", "20260101120000", "a", "b"]);
});

test("equal numbers of different length have a fixed order", () => {
  expect(["01", "1", "001"].toSorted(compareVersions)).toEqual(["001", "01", "1"]);
});
