import {
  bsn,
  CODICE_MONTHS,
  codiceFiscale,
  cpf,
  digitCheck,
  DIGITS,
  dni,
  ean13,
  LETTERS,
  luhn,
  nir,
  pesel,
} from "./check-digits.ts";
import { idOf, type NationalId, type Part } from "./national-id.ts";
import { steuerId } from "./steuer-id.ts";

const characters = (text: string): Part => text.split("");
const digits = (count: number): Part[] => Array.from({ length: count }, () => characters(DIGITS));
const letters = (count: number): Part[] => Array.from({ length: count }, () => characters(LETTERS));

/** Numbers from one to another, padded to as many digits as the last one has. */
const numbers = (from: number, to: number): Part =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i).padStart(String(to).length, "0"));

const YEARS = numbers(0, 99);
const MONTHS = numbers(1, 12);
const DAYS = numbers(1, 31);

/** A check that says no more than which ids there are not. */
const without = (never: RegExp) => digitCheck((payload) => (never.test(payload) ? null : ""));

const frenchDepartments = [...numbers(1, 19), ...numbers(21, 99)];
const french = (departments: Part): NationalId =>
  idOf([characters("12"), YEARS, MONTHS, departments, ...digits(6)], nir);

const britishPrefix = [characters("ABCEGHJKLMNOPRSTWXYZ"), characters("ABCEGHJKLMNPRSTWXYZ")];
const british = (suffix: readonly Part[]): NationalId =>
  idOf([...britishPrefix, ...digits(6), ...suffix], without(/^(?:BG|GB|KN|NK|NT|TN|ZZ)/));

/** The month tells the century. Years that are over become such years, so that nobody is born in the future. */
const polish = (years: Part, century: number): NationalId =>
  idOf([years, numbers(century + 1, century + 12), DAYS, ...digits(4)], pesel);

const italian = idOf(
  [
    ...letters(6),
    YEARS,
    characters(CODICE_MONTHS),
    [...DAYS, ...numbers(41, 71)],
    ...letters(1),
    ...digits(3),
  ],
  codiceFiscale,
);

/** The sorts of ids that are known, each as all the forms that it has. */
export const NATIONAL_IDS: Readonly<Record<string, readonly NationalId[]>> = {
  "br-cpf": [idOf(digits(9), cpf)],
  "ca-sin": [idOf(digits(8), luhn)],
  "ch-ahv": [idOf([["756"], ...digits(9)], ean13)],
  "de-steuer-id": [steuerId(2), steuerId(3)],
  "es-dni": [idOf(digits(8), dni), idOf([characters("XYZ"), ...digits(7)], dni)],
  "fr-nir": [french(frenchDepartments), french(["2A", "2B"])],
  "it-codice-fiscale": [italian],
  "nl-bsn": [idOf(digits(8), bsn)],
  "pl-pesel": [polish(YEARS, 0), polish(numbers(0, 24), 20), polish(numbers(25, 99), 20), polish(YEARS, 80)],
  "uk-nino": [british([characters("ABCD")]), british([])],
  "us-ssn": [idOf([characters("012345678"), ...digits(8)], without(/^(?:000|666|\d{3}00|\d{5}0000)/))],
};
