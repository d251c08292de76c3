const UNITS_MS: Readonly<Record<string, number>> = {
  "": 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Ten years, so that no moment lies beyond what a date can say. */
const LONGEST_MS = 3650 * 86_400_000;

/** Milliseconds of `90` (seconds), `45s`, `30m`, `8h` or `2d`; undefined for anything else, nothing and 10 years up. */
export function durationMs(text: string): number | undefined {
  const [, count, unit] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  const milliseconds = Number(count) * UNITS_MS[unit!]!;
  return milliseconds > 0 && milliseconds < LONGEST_MS ? milliseconds : undefined;
}
