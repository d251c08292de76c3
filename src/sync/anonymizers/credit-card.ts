import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { formatOrLayout, type SureFormat } from "../values/format-masking.ts";

const kept = z.int().min(0);
const options = z.strictObject({
  keep_first: kept.max(8).default(0).describe("Digits at the start to keep, which name the issuer"),
  keep_last: kept.max(4).default(0).describe("Digits at the end to keep, as on a receipt"),
});

/** A number with spaces and hyphens. */
const CARD = /^\d(?:[ -]?\d){11,18}$/;

/** Fewer than these are too few to hide a number among; nothing is kept then. */
const LEAST_VARYING = 4;

/** What a digit becomes: a first one that networks of cards have becomes such a one. */
const ANY = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const NETWORKS = [2, 3, 4, 5, 6];
const NO_NETWORKS = [0, 1, 7, 8, 9];

/** Digits of a number doubled, with the digits of the result added up. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];

function digitsOf(value: string): number[] {
  const digits: number[] = [];
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 48;
    if (digit >= 0) digits.push(digit);
  }
  return digits;
}

const isDoubled = (at: number, length: number): boolean => (length - at) % 2 === 0;

/** What Luhn's check adds up; a multiple of ten for numbers that pass it. */
function luhnSum(digits: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    sum += isDoubled(at, digits.length) ? DOUBLED[digits[at]!]! : digits[at]!;
  }
  return sum;
}

const isRight = (value: string): boolean => luhnSum(digitsOf(value)) % 10 === 0;

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
    isIdentity: true,
    name: /(?:credit|debit|bank)_?card|card_?(?:number|no|num)$|^(?:cc|pan)(?:_?(?:number|no|num))?$|kreditkarte|carte_(?:bancaire|de_credit)/,
    value: {
      test: (value) =>
        /^(?:\d{4}[ -]?){3}\d{1,7}$|^3[47]\d{2}[ -]?\d{6}[ -]?\d{5}$/.test(value) && isRight(value),
    },
    possible: /\d(?:\D{0,3}\d){8}/,
  },
  mayGive:
    async ({ keep_first: first, keep_last: last }) =>
    () =>
      first + last > 0,
  example: { options: {}, type: "text", values: ["4111 1111 1111 1111", "378282246310005", "1234"] },
});

/** All digits that vary but for the last one can be any; that one keeps Luhn's sum, so that numbers stay different. */
function cardFormat(first: number, last: number): SureFormat {
  const varying = (length: number): { readonly from: number; readonly balance: number } =>
    length - first - last < LEAST_VARYING
      ? { from: 0, balance: length - 1 }
      : { from: first, balance: length - last - 1 };
  const listAt = (at: number, digit: number): readonly number[] =>
    at > 0 ? ANY : NETWORKS.includes(digit) ? NETWORKS : NO_NETWORKS;
  return {
    is: (value) => CARD.test(value),
    split(value) {
      if (!CARD.test(value)) return null;
      const own = digitsOf(value);
      const { from, balance } = varying(own.length);
      const digits: number[] = [];
      const radices: number[] = [];
      for (let at = from; at < balance; at++) {
        const list = listAt(at, own[at]!);
        digits.push(list.indexOf(own[at]!));
        radices.push(list.length);
      }
      return { digits, radices };
    },
    join(moved, value) {
      const digits = digitsOf(value);
      const { from, balance } = varying(digits.length);
      const sum = luhnSum(digits);
      digits[balance] = 0;
      for (let at = from; at < balance; at++) digits[at] = listAt(at, digits[at]!)[moved[at - from]!]!;
      const missing = (sum - luhnSum(digits) + 10 * digits.length) % 10;
      digits[balance] = isDoubled(balance, digits.length) ? DOUBLED.indexOf(missing) : missing;
      let text = "";
      let at = 0;
      for (const character of value) text += character >= "0" ? digits[at++] : character;
      return text;
    },
  };
}
