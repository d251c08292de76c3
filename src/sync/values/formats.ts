import type { Format, Mask, Masking } from "../anonymizer.ts";
import { isForeignLetter, type Letters, lettersOf } from "./foreign-letters.ts";

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Digits, and letters of either case. */
export const SORTS: readonly string[] = [DIGITS, LOWER, UPPER];

/** What a character may become; null for one that is layout. */
export type AlphabetOf = (character: string) => string | null;

/** Digits become digits, and letters letters of their case; all else is layout. */
export const sameSort: AlphabetOf = (character) => {
  if (character >= "0" && character <= "9") return DIGITS;
  if (character >= "a" && character <= "z") return LOWER;
  if (character >= "A" && character <= "Z") return UPPER;
  return null;
};

/** How many of the first and last characters that are no layout stay; none of a value that has no others. */
export interface LayoutOptions {
  readonly keepFirst?: number;
  readonly keepLast?: number;
  /** Whether the column can hold a value; always, where this is left out. */
  readonly holds?: ((value: string) => boolean) | undefined;
}

/**
 * The same layout with other characters of the same alphabets, and small letters for those beyond ASCII. Where values
 * must stay different they are permuted, letters beyond ASCII among those of their script.
 */
export function layoutMasking(alphabetOf: AlphabetOf, options: LayoutOptions = {}): Required<Masking> {
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
  isForeignLetter(character) && alphabetOf(character) === null;

const formatBy = (alphabetOf: AlphabetOf, varying: Varying, { holds }: LayoutOptions): Format => {
  const lettersAt = (characters: readonly string[]): (Letters | null)[] =>
    varying(characters).map((alphabet, i) => {
      const character = characters[i]!;
      if (alphabet !== null) return lettersIn(alphabet);
      return isForeign(alphabetOf, character) ? lettersOf(character) : null;
    });
  return {
    split(value) {
      const characters = Array.from(value);
      const letters = lettersAt(characters);
      return {
        digits: letters.flatMap((one, i) => one?.digitsOf(characters[i]!) ?? []),
        radices: letters.flatMap((one) => one?.radices ?? []),
      };
    },
    join(digits, value) {
      const characters = Array.from(value);
      let at = 0;
      return lettersAt(characters)
        .map((one, i) =>
          one === null ? characters[i]! : one.characterOf(digits.slice(at, (at += one.radices.length))),
        )
        .join("");
    },
    ...(holds === undefined ? {} : { holds }),
  };
};

const known = new Map<string, Letters>();

function lettersIn(alphabet: string): Letters {
  let letters = known.get(alphabet);
  if (letters === undefined) {
    letters = {
      radices: [alphabet.length],
      digitsOf: (character) => [alphabet.indexOf(character)],
      characterOf: ([digit]) => alphabet[digit!]!,
    };
    known.set(alphabet, letters);
  }
  return letters;
}
