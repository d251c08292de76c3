/**
 * A text whose plain order is the order of versions: digits as numbers, anything else as text,
 * numbers before text. For sorting thousands it is made once per version.
 */
export function versionKey(version: string): string {
  if (!/^\d+$/.test(version)) return `t${version}`;
  const digits = version.replace(/^0+/, "");
  return `n${String.fromCharCode(digits.length)}${digits} ${version}`;
}

/** Order of versions; see `versionKey`. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [versionKey(a), versionKey(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
