const isNumber = (version: string) => /^\d+$/.test(version);

/** Order of versions: digits as numbers, anything else as text, numbers before text. */
export function compareVersions(a: string, b: string): number {
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [BigInt(a), BigInt(b)];
    if (x !== y) return x < y ? -1 : 1;
  } else if (isNumber(a) !== isNumber(b)) {
    return isNumber(a) ? -1 : 1;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
