import * as z from "zod";
import { defineAnonymizer, type Format, TEXT_TYPES } from "../anonymizer.ts";
import { formatOrLayout } from "../format-masking.ts";
import { sameSort } from "../formats.ts";

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
  recognises: { name: /iban/i, value: /^[A-Z]{2}\d{2}(?: ?[\dA-Z]){11,30}$/ },
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

const ibanFormat: Format = {
  split(value) {
    if (!IBAN.test(value)) return null;
    const account = Array.from(compactOf(value).slice(ACCOUNT));
    const alphabets = account.map((character) => sameSort(character)!);
    return {
      digits: alphabets.map((alphabet, i) => alphabet.indexOf(account[i]!)),
      radices: alphabets.map(({ length }) => length),
    };
  },
  join(digits, value) {
    const own = compactOf(value);
    const country = own.slice(0, 2);
    const account = digits.map((digit, i) => sameSort(own[ACCOUNT + i]!)![digit]).join("");
    const difference = Number(own.slice(2, ACCOUNT)) - checkDigits(country, own.slice(ACCOUNT));
    const check = (checkDigits(country, account) + difference + 100) % 100;
    const joined = country + String(check).padStart(2, "0") + account;
    let at = 0;
    return value.replaceAll(/[^ ]/g, () => joined[at++]!);
  },
};

/** By ISO 7064 MOD 97-10; letters count from 10. */
function checkDigits(country: string, account: string): number {
  let rest = 0;
  for (const character of `${account}${country}00`) {
    const number = Number.parseInt(character, 36);
    rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
  }
  return 98 - rest;
}
