import type { SureFormat } from "../format-masking.ts";
import type { Digits } from "../../keyed/permutation.ts";

/** Ids of one country and sort, in capital letters and without separators. */
export interface NationalId {
  /** Null for what is no such id, whether or not its check digits are right. */
  readonly split: (id: string) => Digits | null;
  /** Another id, with check digits that are right if those of `id` are. */
  readonly join: (digits: readonly number[], id: string) => string;
}

/** Texts of the same length that may stand at one place; at most 256 of them. */
export type Part = readonly string[];

/** How an id ends. */
export interface Check {
  /** What characters of it may be. */
  readonly alphabet: string;
  /** Null for what no id begins with. */
  readonly of: (payload: string) => string | null;
}

const NO_CHECK: Check = { alphabet: "", of: () => "" };

/** An id of parts and a check of them. The check is as far from the right one as it was, so that ids stay different. */
export function idOf(parts: readonly Part[], { alphabet, of }: Check = NO_CHECK): NationalId {
  const places = parts.map((part) => new Map(part.map((text, digit) => [text, digit])));
  const lengths = parts.map(([text = ""]) => text.length);
  const radices = parts.map((part) => part.length);
  const length = lengths.reduce((sum, one) => sum + one, 0);
  return {
    split(id) {
      const digits: number[] = [];
      let at = 0;
      for (let i = 0; i < parts.length; i++) {
        const digit = places[i]!.get(id.slice(at, (at += lengths[i]!)));
        if (digit === undefined) return null;
        digits.push(digit);
      }
      if (of(id.slice(0, length))?.length !== id.length - length) return null;
      for (; at < id.length; at++) if (!alphabet.includes(id[at]!)) return null;
      return { digits, radices };
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

const WRITTEN = /^(?:[\dA-Z](?:[ ./-]?[\dA-Z])*|[\da-z](?:[ ./-]?[\da-z])*)$/;
const SEPARATORS = /[ ./-]/g;

/** An id as people write it: with separators, and in capital or small letters. */
export const writtenFormat = ({ split, join }: NationalId): SureFormat => {
  const splitWritten = (value: string) => (WRITTEN.test(value) ? split(compactOf(value)) : null);
  return {
    is: (value) => splitWritten(value) !== null,
    split: splitWritten,
    join(digits, value) {
      const id = join(digits, compactOf(value));
      const joined = /[a-z]/.test(value) ? id.toLowerCase() : id;
      if (value.length === id.length) return joined;
      let text = "";
      let at = 0;
      for (const character of value) text += character < "0" ? character : (joined[at++] ?? "");
      return text;
    },
  };
};

const compactOf = (value: string): string => value.replaceAll(SEPARATORS, "").toUpperCase();
