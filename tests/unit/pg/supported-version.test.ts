import { expect, test } from "vitest";
import { supportedMajor } from "../../../src/pg/supported-version.ts";

test.each([
  [130_000, 13],
  [180_004, 18],
])("%i is PostgreSQL %i", (version, major) => {
  expect(supportedMajor(version, "here")).toBe(major);
});

test.each([90_624, 120_022, 190_000])("%i is refused, with the server's name", (version) => {
  expect(() => supportedMajor(version, "me@host:5432/db")).toThrow(
    expect.objectContaining({
      code: "CONFIG_011",
      exit: 3,
      message: expect.stringContaining("me@host:5432/db"),
    }),
  );
});
