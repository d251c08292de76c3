import type { Format } from "../anonymizer.ts";
import type { Digits } from "../keyed/permutation.ts";

/** Ids of one country and sort, in capital letters and without separators. */
export interface NationalId {
  /** Null for what is no such id, whether or not its check digits are right. */
  split(id: string): Digits | null;
  /** Another id, with check digits that are right if those of `id` are. */
  join(digits: readonly number[], id: string): string;
}

/** Texts of the same length that may stand at one place; at most 256 of them. */
export type Part = readonly string[];

/** How an id ends. */
export interface Check {
  /** What characters of it may be. */
  readonly alphabet: string;
  /** Null for what no id begins with. */
  of(payload: string): string | null;
}

const NO_CHECK: Check = { alphabet: "", of: () => "" };

/** An id of parts and a check of them. The check is as far from the right one as it was, so that ids stay different. */
export function idOf(parts: readonly Part[], { alphabet, of }: Check = NO_CHECK): NationalId {
  const radices = parts.map(({ length }) => length);
  const length = parts.reduce((sum, [text = ""]) => sum + text.length, 0);
  return {
    split(id) {
      let at = 0;
      const digits = parts.map((part) => part.indexOf(id.slice(at, (at += part[0]!.length))));
      if (digits.includes(-1)) return null;
      const expected = of(id.slice(0, length));
      const isCheck = expected?.length === id.length - length;
      const hasLetters = Array.from(id.slice(length)).every((character) => alphabet.includes(character));
      return isCheck && hasLetters ? { digits, radices } : null;
    },
    join(digits, id) {
      const payload = digits.map((digit, i) => parts[i]![digit]).join("");
      const check = checkFor(id.slice(length), of(id.slice(0, length))!, of(payload) ?? "", alphabet);
      return payload + check;
    },
  };
}

/** The expected check, moved on in the alphabet as far as a given one is from what was expected of it. */
export const checkFor = (given: string, expected: string, next: string, alphabet: string): string =>
  Array.from(next, (character, i) => {
    const difference = alphabet.indexOf(given[i]!) - alphabet.indexOf(expected[i]!);
    return alphabet[(alphabet.indexOf(character) + difference + alphabet.length) % alphabet.length];
  }).join("");

const WRITTEN = /^[\dA-Za-z](?:[ ./-]?[\dA-Za-z])*$/;
const SEPARATORS = /[ ./-]/g;

/** An id as people write it: with separators, and in capital or small letters. */
export const writtenFormat = ({ split, join }: NationalId): Format => ({
  split: (value) => (WRITTEN.test(value) && !isMixed(value) ? split(compactOf(value)) : null),
  join(digits, value) {
    const id = join(digits, compactOf(value));
    const joined = value === value.toUpperCase() ? id : id.toLowerCase();
    let at = 0;
    return value.replaceAll(/[\dA-Za-z]/g, () => joined[at++] ?? "");
  },
});

const isMixed = (value: string): boolean => /[A-Z]/.test(value) && /[a-z]/.test(value);

const compactOf = (value: string): string => value.replaceAll(SEPARATORS, "").toUpperCase();
