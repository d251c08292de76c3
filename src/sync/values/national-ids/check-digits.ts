import type { Check } from "./national-id.ts";

export const DIGITS = "0123456789";
export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Digits of a number, each multiplied by its weight, added up. */
const weigh = (payload: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * Number(payload[at]), 0);

/** A check of digits. */
export const digitCheck = (of: Check["of"]): Check => ({ alphabet: DIGITS, of });

/** What is missing to the next multiple of ten. */
const toTen = (sum: number): string => String((10 - (sum % 10)) % 10);

export const luhn = digitCheck((payload) => {
  const digits = Array.from(payload, Number).toReversed();
  return toTen(
    digits.reduce(
      (sum, digit, at) => sum + (at % 2 === 1 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9),
      0,
    ),
  );
});

/** As in EAN-13. */
export const ean13 = digitCheck((payload) => toTen(weigh(payload, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3])));

/** ISO 7064 MOD 11,10. */
export function mod11And10(payload: string): string {
  let product = 10;
  for (const digit of payload) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return String((11 - product) % 10);
}

/** Brazil: two digits, each by modulus 11. */
export const cpf = digitCheck((payload) => {
  if (/^(\d)\1*$/.test(payload)) return null;
  const digit = (text: string) =>
    ((weigh(
      text,
      Array.from(text, (_, at) => text.length + 1 - at),
    ) *
      10) %
      11) %
    10;
  const first = digit(payload);
  return `${first}${digit(`${payload}${first}`)}`;
});

/** The Netherlands: modulus 11, where ten is no digit. */
export const bsn = digitCheck((payload) => {
  const rest = weigh(payload, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return rest === 10 || /^0+$/.test(payload) ? null : String(rest);
});

/** Poland: the day has to be there in the month, which tells the century. */
export const pesel = digitCheck((payload) => {
  const [year, month, date] = [payload.slice(0, 2), payload.slice(2, 4), payload.slice(4, 6)].map(Number);
  const century = month! > 80 ? 1800 : month! > 20 ? 2000 : 1900;
  return isDate(century + year!, month! % 20, date!)
    ? toTen(weigh(payload, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]))
    : null;
});

/** France: what is missing to a multiple of 97, where the departments of Corsica count as 19 and 18. */
export const nir = digitCheck((payload) => {
  const number = Number(payload.replace("2A", "19").replace("2B", "18"));
  return String(97 - (number % 97)).padStart(2, "0");
});

/** Spain: a letter by modulus 23, where X, Y and Z at the start count as 0, 1 and 2. */
export const dni: Check = {
  alphabet: "TRWAGMYFPDXBNJZSQVHLCKE",
  of(payload) {
    const number = payload.replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter)));
    return dni.alphabet[Number(number) % 23] ?? null;
  },
};

/** What characters at odd places count as, from 0 to 9 and from A to Z. */
const ODD_DIGITS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
const ODD_LETTERS = [...ODD_DIGITS, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
export const CODICE_MONTHS = "ABCDEHLMPRST";

/** Italy: a letter by modulus 26; the day, with 40 more for women, has to be there in the month. */
export const codiceFiscale: Check = {
  alphabet: LETTERS,
  of(payload) {
    const [year, month, date] = [payload.slice(6, 8), payload[8]!, payload.slice(9, 11)];
    if (!isDate(2000 + Number(year), CODICE_MONTHS.indexOf(month) + 1, Number(date) % 40)) return null;
    const sum = Array.from(payload).reduce((total, character, at) => {
      const isDigit = DIGITS.includes(character);
      const place = isDigit ? Number(character) : LETTERS.indexOf(character);
      return total + (at % 2 === 1 ? place : (isDigit ? ODD_DIGITS : ODD_LETTERS)[place]!);
    }, 0);
    return LETTERS[sum % 26]!;
  },
};

function isDate(year: number, month: number, date: number): boolean {
  const day = new Date(Date.UTC(year, month - 1, date));
  return month >= 1 && day.getUTCMonth() === month - 1 && day.getUTCDate() === date;
}
