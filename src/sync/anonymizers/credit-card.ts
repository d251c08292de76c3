import * as z from "zod";
import { defineAnonymizer, type Format, TEXT_TYPES } from "../anonymizer.ts";
import { formatOrLayout } from "../format-masking.ts";

const kept = z.int().min(0);
const options = z.strictObject({
  keep_first: kept.max(8).default(0).describe("Digits at the start to keep, which name the issuer"),
  keep_last: kept.max(4).default(0).describe("Digits at the end to keep, as on a receipt"),
});

/** A number with spaces and hyphens. */
const CARD = /^\d(?:[ -]?\d){11,18}$/;

/** Fewer than these are too few to hide a number among; nothing is kept then. */
const LEAST_VARYING = 4;

/** What a first digit becomes: networks of cards begin with those of the first list. */
const FIRST_DIGITS = ["23456", "01789"];
const DIGITS = "0123456789";

/** Digits of a number doubled, with the digits of the result added up. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

const digitsOf = (value: string): number[] => Array.from(value.replaceAll(/\D/g, ""), Number);

const isDoubled = (at: number, length: number): boolean => (length - at) % 2 === 0;

/** What Luhn's check adds up; a multiple of ten for numbers that pass it. */
const luhnSum = (digits: readonly number[]): number =>
  digits.reduce((sum, digit, at) => sum + (isDoubled(at, digits.length) ? DOUBLED[digit]! : digit), 0);

export const creditCard = defineAnonymizer({
  name: "credit-card",
  aliases: ["credit_card"],
  summary: "A number in the same layout that passes Luhn's check if the one before did",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "bijection",
  prepare: ({ keep_first: first, keep_last: last }, { maxLength }) =>
    formatOrLayout([cardFormat(first, last)], maxLength),
  recognises: {
    name: /(?:credit|debit|bank)_?card|card_?(?:number|no|num)$|^(?:cc|pan)(?:_?(?:number|no|num))?$/i,
    value: /^(?:\d{4}[ -]?){3}\d{4}$|^3[47]\d{2}[ -]?\d{6}[ -]?\d{5}$/,
  },
  mayGive:
    async ({ keep_first: first, keep_last: last }) =>
    () =>
      first + last > 0,
  example: { options: {}, type: "text", values: ["4111 1111 1111 1111", "378282246310005", "1234"] },
});

/** All digits that vary but for the last one can be any; that one keeps Luhn's sum, so that numbers stay different. */
function cardFormat(first: number, last: number): Format {
  const varying = (length: number): { readonly from: number; readonly balance: number } =>
    length - first - last < LEAST_VARYING
      ? { from: 0, balance: length - 1 }
      : { from: first, balance: length - last - 1 };
  const alphabetAt = (at: number, digit: number): string =>
    at === 0 ? FIRST_DIGITS.find((list) => list.includes(String(digit)))! : DIGITS;
  return {
    split(value) {
      if (!CARD.test(value)) return null;
      const digits = digitsOf(value);
      const { from, balance } = varying(digits.length);
      const alphabets = digits.map((digit, at) => alphabetAt(at, digit)).slice(from, balance);
      return {
        digits: alphabets.map((alphabet, i) => alphabet.indexOf(String(digits[from + i]))),
        radices: alphabets.map(({ length }) => length),
      };
    },
    join(moved, value) {
      const own = digitsOf(value);
      const { from, balance } = varying(own.length);
      const digits = own.map((digit, at) =>
        at < from || at > balance
          ? digit
          : at === balance
            ? 0
            : Number(alphabetAt(at, digit)[moved[at - from]!]),
      );
      const missing = (luhnSum(own) - luhnSum(digits) + 10 * own.length) % 10;
      digits[balance] = isDoubled(balance, own.length) ? DOUBLED.indexOf(missing) : missing;
      let at = 0;
      return value.replaceAll(/\d/g, () => String(digits[at++]));
    },
  };
}
