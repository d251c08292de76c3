import * as z from "zod";
import { defineAnonymizer, type MaskedColumn, TEXT_TYPES } from "../anonymizer.ts";
import { cutTo } from "../values/drawn-text.ts";
import type { Masker } from "../keyed/masker.ts";
import { ruleSchema } from "../rule-schema.ts";
import { type Detector, DETECTORS } from "../free-text/detectors.ts";
import { foundInText, FREE_TEXT } from "../free-text/proposal.ts";
import { piecesOf, wordsPattern } from "../free-text/pieces.ts";

const NAMES = DETECTORS.map(({ name }) => name);
const WORDS = "words";
const REDACT = "redact";

function isRegex(text: string): boolean {
  try {
    return !new RegExp(text, "u").test("");
  } catch {
    return false;
  }
}

const options = z.strictObject({
  detect: z.array(z.enum(NAMES)).default(NAMES).describe("The sorts of values to look for"),
  words: z
    .array(z.string().trim().min(1))
    .default([])
    .describe("Words to look for besides, in any case, such as names"),
  patterns: z
    .array(
      z.strictObject({
        regex: z
          .string()
          .refine(isRegex, { error: "no regular expression, or one that matches the empty text" })
          .describe("A regular expression of JavaScript, with the flag u"),
        ignore_case: z.boolean().default(false).describe("Whether small letters and capitals are the same"),
        rule: ruleSchema.default(REDACT).describe("What stands in for what it finds"),
      }),
    )
    .default([])
    .describe("Regular expressions to look for first"),
  rules: z
    .partialRecord(z.enum([...NAMES, WORDS]), ruleSchema)
    .default({})
    .describe(
      `The rule for a sort of values, or for \`${WORDS}\`, where it is not the usual one; with a domain, an address has the same replacement as in the columns of that domain`,
    ),
});
type Options = z.infer<typeof options>;

/** What is looked for, in this order. */
function detectorsOf({ detect, words, patterns, rules }: Options): readonly Detector[] {
  const own = patterns.map(({ regex, ignore_case: ignoreCase, rule }): Detector => {
    const [hint, pattern] = ["u", "gu"].map((flags) => new RegExp(regex, ignoreCase ? `${flags}i` : flags));
    return { name: regex, hint: hint!, pattern: pattern!, rule };
  });
  const named = { name: WORDS, hint: /(?:)/, pattern: wordsPattern(words), rule: rules[WORDS] ?? REDACT };
  return [
    ...own,
    ...(words.length > 0 ? [named] : []),
    ...DETECTORS.filter(({ name }) => detect.includes(name)).map((detector) => ({
      ...detector,
      rule: rules[detector.name] ?? detector.rule,
    })),
  ];
}

/** Parts of a text may have any length. */
const inside = (column: MaskedColumn): MaskedColumn => ({
  ...column,
  type: "text",
  sqlType: "text",
  maxLength: null,
  isNullable: true,
});

export const text = defineAnonymizer({
  name: "text",
  aliases: ["text_redaction"],
  summary: "Other anonymizers for addresses, numbers and words in free text; the rest of it stays",
  options,
  accepts: TEXT_TYPES,
  isPartial: true,
  isKeyed: true,
  distinctness: () => "lossy",
  async prepare(given, column, tools) {
    const detectors = detectorsOf(given);
    const maskers: Masker[] = [];
    for (const { rule } of detectors) maskers.push(await tools.masker(rule, inside(column)));
    return {
      masker(values) {
        const texts = values.map((value) => piecesOf(value, detectors));
        const masked = maskers.map((masker, number) => {
          const found = texts.flat().filter(({ detector }) => detector === number);
          return masker(found.map((piece) => piece.text)).values();
        });
        const replace = (piece: { text: string; detector: number }): string =>
          piece.detector < 0 ? piece.text : (masked[piece.detector]!.next().value ?? "");
        return texts.map((pieces) => cutTo(pieces.map(replace).join(""), column));
      },
    };
  },
  async mayGive(given) {
    const detectors = detectorsOf(given);
    return (found) => piecesOf(found, detectors).every(({ detector }) => detector < 0);
  },
  recognises: { name: FREE_TEXT, within: foundInText },
  example: {
    options: { words: ["Byron"], rules: { email: { anonymizer: "email", domain: "address" } } },
    type: "text",
    values: [
      "Mrs Byron called from +44 20 7946 0958, mail ada@lovelace.org, see https://ada.example.org/x. Thanks!",
    ],
  },
});
