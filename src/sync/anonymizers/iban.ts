import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { formatOrLayout, type SureFormat } from "../values/format-masking.ts";
import { sameSort } from "../values/formats.ts";

/** Country, check digits, and what identifies the account, with spaces. */
const IBAN = /^[a-z]{2} ?\d{2}(?: ?[\da-z]){11,30}$/i;

/** Where the account begins. */
const ACCOUNT = 4;

export const iban = defineAnonymizer({
  name: "iban",
  summary:
    "An account of the same country in the same layout, with check digits that are right if they were; a bank's own check digits within are not",
  options: z.strictObject({}),
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "bijection",
  prepare: (_options, { maxLength }) => formatOrLayout([ibanFormat], maxLength),
  recognises: {
    isIdentity: true,
    name: /iban|(?:^|_)(?:bank_?account|kontonummer|compte_bancaire)(?:_?(?:no|num|number))?$/,
    value: { test: (value) => IBAN.test(value) && isRight(value) },
  },
  mayGive: async () => (value) => compactOf(value).length < LONG,
  example: {
    options: {},
    type: "text",
    values: ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "an account"],
  },
});

/** Of accounts with so many characters none is expected to be met by chance. */
const LONG = 20;

const compactOf = (value: string): string => value.replaceAll(" ", "");

const ibanFormat: SureFormat = {
  is: (value) => IBAN.test(value),
  split(value) {
    if (!IBAN.test(value)) return null;
    const own = compactOf(value);
    const digits: number[] = [];
    const radices: number[] = [];
    for (let at = ACCOUNT; at < own.length; at++) {
      const alphabet = sameSort(own[at]!)!;
      digits.push(alphabet.indexOf(own[at]!));
      radices.push(alphabet.length);
    }
    return { digits, radices };
  },
  join(digits, value) {
    const own = compactOf(value);
    let account = "";
    for (let i = 0; i < digits.length; i++) account += sameSort(own[ACCOUNT + i]!)![digits[i]!];
    const country = own.slice(0, 2);
    const difference = Number(own.slice(2, ACCOUNT)) - checkDigits(own.slice(ACCOUNT) + country);
    const check = (checkDigits(account + country) + difference + 100) % 100;
    return inLayoutOf(value, country + String(check).padStart(2, "0") + account);
  },
};

function isRight(value: string): boolean {
  const own = compactOf(value);
  return checkDigits(own.slice(ACCOUNT) + own.slice(0, 2)) === Number(own.slice(2, ACCOUNT));
}

/** With the spaces of a value. */
function inLayoutOf(value: string, compact: string): string {
  if (value.length === compact.length) return compact;
  let text = "";
  let at = 0;
  for (const character of value) text += character === " " ? " " : compact[at++];
  return text;
}

/** By ISO 7064 MOD 97-10; letters count from 10. */
function checkDigits(moved: string): number {
  let rest = 0;
  for (let at = 0; at < moved.length; at++) {
    const code = moved.charCodeAt(at);
    // The last five bits of a letter are its place in the alphabet, in capitals or not.
    rest = (code > 57 ? rest * 100 + (code & 31) + 9 : rest * 10 + code - 48) % 97;
  }
  return 98 - ((rest * 100) % 97);
}
