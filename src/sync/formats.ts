import type { Format, Mask, Masking } from "./anonymizer.ts";

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** What a character may become; null for one that is layout. */
export type AlphabetOf = (character: string) => string | null;

/** Digits become digits, and letters letters of their case; all else is layout. */
export const sameSort: AlphabetOf = (character) => {
  if (character >= "0" && character <= "9") return DIGITS;
  if (character >= "a" && character <= "z") return LOWER;
  if (character >= "A" && character <= "Z") return UPPER;
  return null;
};

/** Letters and digits beyond ASCII, which have no alphabet of their own here. */
const FOREIGN = /[\p{L}\p{N}]/u;

/** How many of the first and last characters that are no layout stay; none of a value that has no others. */
export interface LayoutOptions {
  readonly keepFirst?: number;
  readonly keepLast?: number;
  /** Most characters of what becomes opaque. */
  readonly maxLength?: number | null;
  /** Whether the column can hold a value; always, where this is left out. */
  readonly holds?: ((value: string) => boolean) | undefined;
}

/**
 * The same layout with other characters of the same alphabets. Where values must stay different they are permuted, and
 * one with letters beyond ASCII becomes opaque.
 */
export function layoutMasking(alphabetOf: AlphabetOf, options: LayoutOptions = {}): Masking {
  /** The alphabet of each character that varies, null for those that stay. */
  const varying = (characters: readonly string[]): (string | null)[] => {
    const { keepFirst = 0, keepLast = 0 } = options;
    const alphabets = characters.map(alphabetOf);
    if (keepFirst + keepLast === 0) return alphabets;
    const count = alphabets.filter((alphabet) => alphabet !== null).length;
    if (count <= keepFirst + keepLast) return alphabets;
    let seen = 0;
    return alphabets.map((alphabet) => {
      if (alphabet === null) return null;
      const place = seen++;
      return place < keepFirst || place >= count - keepLast ? null : alphabet;
    });
  };
  return { mask: maskBy(alphabetOf, varying), format: formatBy(alphabetOf, varying, options) };
}

type Varying = (characters: readonly string[]) => (string | null)[];

const maskBy =
  (alphabetOf: AlphabetOf, varying: Varying): Mask =>
  (value, draw) => {
    const characters = Array.from(value);
    const alphabets = varying(characters);
    let masked = "";
    for (let i = 0; i < characters.length; i++) {
      const character = characters[i]!;
      const alphabet = alphabets[i] ?? (isForeign(alphabetOf, character) ? LOWER : null);
      masked += alphabet === null ? character : alphabet[draw.below(alphabet.length)]!;
    }
    return masked;
  };

const isForeign = (alphabetOf: AlphabetOf, character: string): boolean =>
  character > "\u007f" && alphabetOf(character) === null && FOREIGN.test(character);

const formatBy = (alphabetOf: AlphabetOf, varying: Varying, { holds, maxLength }: LayoutOptions): Format => ({
  split(value) {
    const characters = Array.from(value);
    if (characters.some((character) => isForeign(alphabetOf, character))) return null;
    const digits: number[] = [];
    const radices: number[] = [];
    varying(characters).forEach((alphabet, i) => {
      if (alphabet === null) return;
      digits.push(alphabet.indexOf(characters[i]!));
      radices.push(alphabet.length);
    });
    return { digits, radices };
  },
  join(digits, value) {
    const characters = Array.from(value);
    let at = 0;
    return varying(characters)
      .map((alphabet, i) => (alphabet === null ? characters[i]! : alphabet[digits[at++]!]!))
      .join("");
  },
  otherwise: (_value, draw) => draw.opaque().slice(0, maxLength ?? undefined),
  ...(holds === undefined ? {} : { holds }),
});
