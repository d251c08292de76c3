import { expect, test } from "vitest";
import { durationMs } from "../../../../src/coordinate/intents/duration.ts";

test.each([
  ["90", 90_000],
  ["45s", 45_000],
  ["30m", 1_800_000],
  ["8h", 28_800_000],
  ["2d", 172_800_000],
  ["0", undefined],
  ["", undefined],
  ["1.5h", undefined],
  ["8 h", undefined],
  ["-1", undefined],
  ["4000d", undefined],
  ["1w", undefined],
])("%s is %s ms", (text, milliseconds) => {
  expect(durationMs(text)).toBe(milliseconds);
});
