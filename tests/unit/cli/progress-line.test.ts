import { expect, test } from "vitest";
import { progressText, showProgress } from "../../../src/cli/progress-line.ts";

test.each([
  [
    { bytes: 50e6, totalBytes: 200e6, rows: 300_000 },
    10_000,
    "[######..................] 25 %  30,000 rows/s  5.0 MB/s  about 30 s left",
  ],
  [
    { bytes: 0, totalBytes: 8192, rows: 0 },
    0,
    "[........................]  0 %  0 rows/s  0.0 MB/s  about ? s left",
  ],
  [
    { bytes: 300e6, totalBytes: 200e6, rows: 1 },
    1000,
    "[########################] 99 %  1 rows/s  300.0 MB/s  about 1 s left",
  ],
])("%j after %i ms", (progress, elapsedMs, text) => {
  expect(progressText(progress, elapsedMs)).toBe(text);
});

test("only where there is a terminal, and ten times a second at most", () => {
  expect(showProgress(undefined, () => 0)).toBeUndefined();
  const lines: string[] = [];
  let now = 0;
  const show = showProgress(
    (line) => lines.push(line),
    () => now,
  )!;
  for (; now < 1000; now += 10) show({ bytes: now, totalBytes: 1000, rows: now });
  expect(lines).toHaveLength(10);
});
