import * as z from "zod";
import { defineAnonymizer, type MaskedColumn, TEXT_TYPES } from "../anonymizer.ts";
import { characterSet } from "../values/character-set.ts";
import { drawnDistinctness, drawText, requireRoom } from "../values/drawn-text.ts";

const LENGTH = 32;

const options = z.strictObject({
  length: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("Characters behind the prefix; 32, or as many as there is room for, where this is left out"),
  alphabet: characterSet.prefault("A-Za-z0-9").describe("The characters to draw from, or ranges of them"),
  prefixes: z
    .array(z.string().regex(/^[^\0]{1,64}$/, "1 to 64 characters"))
    .default([])
    .describe("What stays at the start of a value that begins with it, such as `sk_live_`"),
});
type Options = z.infer<typeof options>;

const longest = ({ prefixes }: Options): number =>
  Math.max(0, ...prefixes.map((prefix) => Array.from(prefix).length));

const lengthOf = (given: Options, { maxLength }: MaskedColumn): number =>
  given.length ?? Math.min(LENGTH, Math.max(1, (maxLength ?? Infinity) - longest(given)));

export const token = defineAnonymizer({
  name: "token",
  summary: "Random-looking characters, as in an API token or a session id",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: (given, column) => drawnDistinctness(given.alphabet, lengthOf(given, column), column),
  prepare(given, column) {
    const length = lengthOf(given, column);
    requireRoom("a token", longest(given) + length, column);
    const prefixes = given.prefixes.toSorted((a, b) => b.length - a.length);
    return {
      mask: (value, draw) =>
        (prefixes.find((prefix) => value.startsWith(prefix)) ?? "") + drawText(given.alphabet, length, draw),
    };
  },
  recognises: {
    name: /(?:^|_)(?:(?:access_?|refresh_?|reset_?|api_?|auth_?)?token|api_?key|secret(?:_?key)?|access_?key|session_?(?:id|key))$/,
    value: /^(?:(?:sk|pk|rk)_(?:live|test)_|gh[opsur]_|github_pat_|xox[abprs]-|glpat-)[\w-]{10,255}$/,
  },
  example: {
    options: { prefixes: ["sk_live_", "sk_test_"], length: 24 },
    type: "text",
    values: ["sk_live_51H8mNaBc3dEfGhIjKlMnOpQ", "5f2b9c"],
  },
});
