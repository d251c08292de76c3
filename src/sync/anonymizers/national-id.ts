import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { formatOrLayout, type SureFormat } from "../values/format-masking.ts";
import { sameSort } from "../values/formats.ts";
import { writtenFormat } from "../values/national-ids/national-id.ts";
import { NATIONAL_IDS } from "../values/national-ids/national-ids.ts";

const options = z
  .strictObject({
    format: z
      .enum(Object.keys(NATIONAL_IDS))
      .optional()
      .describe("A known sort of ids, which gives right check digits where they were right"),
    pattern: z
      .string()
      .max(64)
      .regex(/[#@]/)
      .optional()
      .describe("`#` for a digit, `@` for a capital letter; all else stays where a value has this form"),
  })
  .refine(({ format, pattern }) => format === undefined || pattern === undefined, {
    error: "format and pattern exclude each other",
  });
type Options = z.infer<typeof options>;

export const nationalId = defineAnonymizer({
  name: "national-id",
  summary: "An id of the same sort and layout; of a value that is not of that sort, the layout alone",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "bijection",
  prepare: (chosen, { maxLength }) => formatOrLayout(formatsOf(chosen), maxLength),
  recognises: {
    isIdentity: true,
    name: /(?:^|_)(?:ssn|nino|cpf|nir|bsn|pesel|dni|nie|sin|ahv|steuer_?(?:id|nummer)|codice_fiscale|numero_(?:de_)?securite_sociale|sozialversicherungsnummer)(?:$|_)|social_?security|national_?id|tax_?(?:id|no|number)|passport|reisepass|passeport|ausweisnummer/,
    possible: /\d(?:\D{0,3}\d){4}/,
    value:
      /^(?:\d{3}-\d{2}-\d{4}|\d{3}\.\d{3}\.\d{3}-\d{2}|756\.\d{4}\.\d{4}\.\d{2}|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z])$/,
  },
  mayGive: async () => (value) => value.replaceAll(/[^\da-z]/gi, "").length < LONG,
  example: { options: { format: "us-ssn" }, type: "text", values: ["536-90-4399", "536904399", "unknown"] },
});

/** Of ids with so many characters none is expected to be met by chance. */
const LONG = 16;

function formatsOf({ format, pattern }: Options): SureFormat[] {
  if (pattern !== undefined) return [patternFormat(pattern)];
  return format === undefined ? [] : NATIONAL_IDS[format]!.map(writtenFormat);
}

const LETTER = sameSort("A")!;
const DIGIT = sameSort("0")!;

/** Values of one length, of which some places vary. */
function patternFormat(pattern: string): SureFormat {
  const places = Array.from(pattern, (sign) => (sign === "#" ? DIGIT : sign === "@" ? LETTER : sign));
  const varying = places.flatMap((place, at) => (place.length > 1 ? [{ at, alphabet: place }] : []));
  const radices = varying.map(({ alphabet }) => alphabet.length);
  const is = (value: string): boolean => {
    const characters = Array.from(value);
    return (
      characters.length === places.length && places.every((place, at) => place.includes(characters[at]!))
    );
  };
  return {
    is,
    split(value) {
      if (!is(value)) return null;
      const characters = Array.from(value);
      return { digits: varying.map(({ at, alphabet }) => alphabet.indexOf(characters[at]!)), radices };
    },
    join(digits, value) {
      const characters = Array.from(value);
      varying.forEach(({ at, alphabet }, i) => (characters[at] = alphabet[digits[i]!]!));
      return characters.join("");
    },
  };
}
