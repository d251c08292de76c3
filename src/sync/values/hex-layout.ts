import type { Mask, Masking } from "../anonymizer.ts";

/** Text of hexadecimal digits in a fixed layout, such as a uuid. */
export interface HexLayout {
  /** Matches such a value as a whole, in any case. */
  readonly pattern: RegExp;
  /** The digits that one with this place may become, itself among them; null for one that stays. */
  readonly alphabetOf: (place: number, digit: string) => string | null;
  /** What digits become before anything else. */
  readonly normal?: ((place: number, digit: string) => string) | undefined;
  /** For values that do not match. */
  readonly other: Mask;
  /** The same where values must stay different. */
  readonly otherwise: Mask;
}

const HEX = /[0-9a-f]/g;
const LAYOUT = { upper: /[A-F]/, lower: /[a-f]/ };

/**
 * Other digits in the same layout and case. Where values must stay different they are permuted; one in capitals becomes
 * one with a capital, and those in both cases are none of the layout.
 */
export function hexMasking({ pattern, alphabetOf, normal, other, otherwise }: HexLayout): Masking {
  const each = (value: string, become: (alphabet: string, digit: string) => string): string => {
    let place = 0;
    return value.toLowerCase().replace(HEX, (found) => {
      const at = place++;
      const digit = normal?.(at, found) ?? found;
      const alphabet = alphabetOf(at, digit);
      return alphabet === null ? digit : become(alphabet, digit);
    });
  };
  const isUpper = (value: string) => LAYOUT.upper.test(value);
  return {
    mask(value, draw) {
      if (!pattern.test(value)) return other(value, draw);
      const masked = each(value, (alphabet) => alphabet[draw.below(alphabet.length)]!);
      return isUpper(value) ? masked.toUpperCase() : masked;
    },
    format: {
      split(value) {
        if (!pattern.test(value) || (isUpper(value) && LAYOUT.lower.test(value))) return null;
        const digits: number[] = [];
        const radices: number[] = [];
        each(value, (alphabet, digit) => {
          digits.push(alphabet.indexOf(digit));
          radices.push(alphabet.length);
          return digit;
        });
        return { digits, radices };
      },
      join(digits, value) {
        let at = 0;
        const joined = each(value, (alphabet) => alphabet[digits[at++]!]!);
        if (!isUpper(value)) return joined;
        return LAYOUT.lower.test(joined) ? joined.toUpperCase() : NONE;
      },
      holds: (text) => text !== NONE,
      otherwise,
    },
  };
}

/** Permuted again: without a letter it could be taken for one in small letters. */
const NONE = "";
