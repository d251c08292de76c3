import type { Format, Mask, Masking } from "./anonymizer.ts";

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** At most 256 characters. */
export type Alphabet = string | readonly string[];

/** What a character may become; null for one that is layout. */
export type AlphabetOf = (character: string) => Alphabet | null;

/** Digits become digits, letters letters of their case, and beyond ASCII both become neighbours; all else is layout. */
export const sameSort: AlphabetOf = (character) => {
  if (character >= "0" && character <= "9") return DIGITS;
  if (character >= "a" && character <= "z") return LOWER;
  if (character >= "A" && character <= "Z") return UPPER;
  return character > "\u007f" && FOREIGN.test(character) ? neighboursOf(character) : null;
};

/** Letters and digits beyond ASCII. */
const FOREIGN = /[\p{L}\p{N}]/u;
const FOREIGN_SORTS = [/\p{Ll}/u, /\p{Lu}/u, /[\p{Lt}\p{Lm}\p{Lo}\p{N}]/u];

const neighbours = new Map<string, readonly string[]>();

/** Those of the same 256 code points and the same case, which take as many bytes. */
function neighboursOf(character: string): readonly string[] {
  const first = character.codePointAt(0)! & ~255;
  const sort = FOREIGN_SORTS.findIndex((pattern) => pattern.test(character));
  const known = neighbours.get(`${first} ${sort}`);
  if (known !== undefined) return known;
  const found = Array.from({ length: 256 }, (_, i) => String.fromCodePoint(first + i)).filter(
    (other) => other > "\u007f" && FOREIGN_SORTS[sort]!.test(other),
  );
  neighbours.set(`${first} ${sort}`, found);
  return found;
}

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
 * one with letters beyond ASCII that have no alphabet becomes opaque.
 */
export function layoutMasking(alphabetOf: AlphabetOf, options: LayoutOptions = {}): Required<Masking> {
  /** The alphabet of each character that varies, null for those that stay. */
  const varying = (characters: readonly string[]): (Alphabet | null)[] => {
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

type Varying = (characters: readonly string[]) => (Alphabet | null)[];

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
