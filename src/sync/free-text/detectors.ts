import { parseAddress } from "../values/network-address.ts";
import type { RuleText } from "../rule-schema.ts";

/** A stretch of a text, by UTF-16 indices. */
export type Stretch = readonly [start: number, end: number];

/** Finds values of one sort in free text; linear in its length. */
export interface Detector {
  readonly name: string;
  /** Found in every text that has such a value; cheap. */
  readonly hint: RegExp;
  /** With the flag g. */
  readonly pattern: RegExp;
  /** What of a match is the value; null for none, all of it where this is left out. */
  readonly within?: (match: string) => Stretch | null;
  /** What stands in for one, unless a rule says otherwise. */
  readonly rule: RuleText;
}

/** Without punctuation of the sentence. */
function withoutStop(match: string): Stretch {
  let end = match.length;
  while (".,;:!?'\")]}".includes(match[end - 1] ?? " ")) end--;
  return [0, end];
}

/** Stretches of groups of characters between blanks and hyphens, the longest first of those that start first. */
function* runsOf(match: string, least: number, most: number): Generator<Stretch> {
  const groups = [...match.matchAll(/[^ -]+/g)];
  for (const [i, { index: start }] of groups.entries()) {
    const ends: number[] = [];
    for (let j = i, size = 0; j < groups.length; j++) {
      size += groups[j]![0].length;
      if (size > most) break;
      if (size >= least) ends.push(groups[j]!.index + groups[j]![0].length);
    }
    for (const end of ends.reverse()) yield [start, end];
  }
}

const firstRun = (least: number, most: number, isValid: (text: string) => boolean) => (match: string) => {
  for (const [start, end] of runsOf(match, least, most)) {
    if (isValid(match.slice(start, end))) return [start, end] as const;
  }
  return null;
};

/** Whether digits, in groups of three at least, end with their check digit (ISO/IEC 7812). */
function isCard(text: string): boolean {
  if (!/^\d{3,}(?:[ -]\d{3,})*$/.test(text)) return false;
  const digits = text.replace(/\D/g, "");
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}

/** Whether the check digits of an account's number are right (ISO 13616). */
function isIban(written: string): boolean {
  const text = written.replace(/[ -]/g, "");
  if (!/^[a-z]{2}\d{2}/i.test(text)) return false;
  const digits = (text.slice(4) + text.slice(0, 4)).replace(/[a-z]/gi, (letter) =>
    String(Number.parseInt(letter, 36)),
  );
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

const DATE = /^\d{4}([-./])\d{1,2}\1\d{1,2}(?!\d)|^\d{1,2}([-./])\d{1,2}\2\d{4}(?!\d)/;

/** With a prefix, in the groups of North America, or without any group. */
const PHONE = /^(?:\+|\(|0(?!00))|^(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}$|^\d{3}[- ]\d{4}$|^\d{8,15}$/;

function isPhone(text: string): boolean {
  const digits = text.replace(/\D/g, "").length;
  return digits >= 7 && digits <= 15 && PHONE.test(text) && !DATE.test(text);
}

/** A number may stand next to one that is none. */
function phoneWithin(match: string): Stretch | null {
  const groups = [...match.matchAll(/\S+/g)].map(
    ({ 0: text, index }) => [index, index + text.length] as const,
  );
  for (const [i, [start]] of groups.entries()) {
    for (const [, end] of groups.slice(i).reverse()) {
      if (isPhone(match.slice(start, end))) return [start, end];
    }
  }
  return null;
}

/** In the order in which they are looked for: a URL may hold an address, and a card's number look like a phone's. */
export const DETECTORS: readonly Detector[] = [
  {
    name: "url",
    hint: /:\/\/|www\./i,
    pattern: /(?:(?<![a-z])[a-z][a-z0-9+.-]{1,11}:\/\/|(?<!\w)www\.)[^\s<>"`{}|\\^]+/gi,
    within: withoutStop,
    rule: "url",
  },
  {
    name: "email",
    hint: /@/,
    pattern:
      /[\p{L}\p{N}_+][\p{L}\p{M}\p{N}._%+'-]{0,63}@(?:[\p{L}\p{M}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/gu,
    rule: "email",
  },
  {
    name: "uuid",
    hint: /[0-9a-f]-[0-9a-f]/i,
    pattern: /(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])/gi,
    rule: "uuid",
  },
  {
    name: "iban",
    hint: /[a-z]{2}\d{2}/i,
    pattern: /(?<![0-9a-z])[a-z]{2}\d{2}(?:[ -]?[0-9a-z]){11,40}/gi,
    within: firstRun(15, 34, isIban),
    rule: "iban",
  },
  {
    name: "card",
    hint: /\d/,
    pattern: /(?<!\d)\d(?:[ -]?\d){12,}(?!\d)/g,
    within: firstRun(13, 19, isCard),
    rule: "credit-card",
  },
  {
    name: "ip",
    hint: /\d\.\d|:/,
    pattern:
      /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\.?\d)|(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.:]{0,20}(?![\w:])/gi,
    within(match) {
      if (parseAddress(match) !== null) return [0, match.length];
      const [start, end] = withoutStop(match);
      return parseAddress(match.slice(start, end)) === null ? null : [start, end];
    },
    rule: "ip",
  },
  {
    name: "phone",
    hint: /\d/,
    pattern: /(?<![\w+]|\d[.,])(?:\+|\(\+?)?\d(?:[ ()./-]{0,2}\d){6,17}(?![\w])/g,
    within: phoneWithin,
    rule: "phone",
  },
];
