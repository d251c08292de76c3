import { DIGITS, mod11And10 } from "./check-digits.ts";
import { checkFor, type NationalId } from "./national-id.ts";

const LENGTH = 10;
const ALL = Array.from({ length: LENGTH }, (_, digit) => digit);

/** The lists of `size` numbers below `n`, each in ascending order. */
const subsets = (n: number, size: number): number[][] =>
  size === 0
    ? [[]]
    : Array.from({ length: n }, (_, last) => subsets(last, size - 1).map((list) => [...list, last])).flat();

const placeOf = (lists: readonly (readonly number[])[], list: readonly number[]): number =>
  lists.findIndex((other) => other.every((number, i) => number === list[i]));

/**
 * Germany's tax ids of which the first ten digits have one two or three times, one or two not at all, and each of the
 * others once. They vary by which digit it is, where it stands, what is missing, and the order of the others.
 */
export function steuerId(times: 2 | 3): NationalId {
  const places = subsets(LENGTH, times);
  const missing = subsets(LENGTH - 1, times - 1);
  const singles = LENGTH - times;
  const orders = Array.from({ length: singles }, (_, i) => singles - i);
  const radices = [LENGTH, places.length, missing.length, ...orders];
  return {
    split(id) {
      // Not three in a row, and no zero at the start.
      if (!/^[1-9]\d{10}$/.test(id) || /^\d{0,7}(\d)\1\1/.test(id)) return null;
      const digits = Array.from(id.slice(0, LENGTH), Number);
      const count = (digit: number) => digits.filter((other) => other === digit).length;
      const repeated = ALL.find((digit) => count(digit) === times);
      if (repeated === undefined || ALL.filter((digit) => count(digit) === 1).length !== singles) return null;
      const rest = ALL.filter((digit) => digit !== repeated);
      const absent = rest.flatMap((digit, i) => (count(digit) === 0 ? [i] : []));
      const at = ALL.filter((i) => digits[i] === repeated);
      const left = rest.filter((digit) => count(digit) === 1);
      const order = digits
        .filter((digit) => digit !== repeated)
        .map((digit) => {
          const rank = left.indexOf(digit);
          left.splice(rank, 1);
          return rank;
        });
      return { digits: [repeated, placeOf(places, at), placeOf(missing, absent), ...order], radices };
    },
    join([repeated = 0, place = 0, absent = 0, ...order], id) {
      const left = ALL.filter((digit) => digit !== repeated).filter((_, i) => !missing[absent]!.includes(i));
      const ranks = [...order];
      const payload = ALL.map((i) =>
        places[place]!.includes(i) ? repeated : left.splice(ranks.shift()!, 1)[0]!,
      ).join("");
      const expected = mod11And10(id.slice(0, LENGTH));
      return payload + checkFor(id.slice(LENGTH), expected, mod11And10(payload), DIGITS);
    },
  };
}
