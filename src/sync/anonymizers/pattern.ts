import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { characterSet } from "../values/character-set.ts";
import { layoutMasking, SORTS } from "../values/formats.ts";

const kept = (where: string) =>
  z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe(`Letters and digits at the ${where} to keep; none of a value that has no others`);

const options = z.strictObject({
  keep_first: kept("start"),
  keep_last: kept("end"),
  alphabets: z
    .array(characterSet)
    .default([])
    .describe(
      "Characters that may stand in for each other, such as `0-9A-F`; all other digits and letters become digits and letters of their case",
    ),
});

/** Alphabets that have no character in common, or values that differ could meet; throws ANON_1400. */
function disjoint(own: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  for (const character of own.join("")) {
    if (taken.has(character)) throw new ConfitureError("ANON_1400", `two alphabets have ${character}`);
    taken.add(character);
  }
  const others = SORTS.map((sort) =>
    Array.from(sort)
      .filter((character) => !taken.has(character))
      .join(""),
  );
  const all = [...own, ...others];
  const alone = all.find((alphabet) => alphabet.length === 1);
  if (alone !== undefined) {
    throw new ConfitureError(
      "ANON_1400",
      `nothing but itself can stand in for ${alone}: add it to an alphabet`,
    );
  }
  return all;
}

export const pattern = defineAnonymizer({
  name: "pattern",
  aliases: ["masking_retention"],
  summary: "Other letters and digits in the same layout",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "bijection",
  prepare({ keep_first: keepFirst, keep_last: keepLast, alphabets }, { type }) {
    const lowered = (alphabet: string) => [...new Set(alphabet.toLowerCase())].join("");
    const all = disjoint(type === "citext" ? alphabets.map(lowered) : alphabets);
    const alphabetOf = (character: string) => all.find((alphabet) => alphabet.includes(character)) ?? null;
    return layoutMasking(alphabetOf, { keepFirst, keepLast });
  },
  recognises: {
    name: /(?:^|_)(?:licen[cs]e_?(?:plate|no|number)|kennzeichen|vat_?(?:id|no|number)|(?:customer|member|policy|contract|employee|personnel|account)_?(?:no|number|code)|(?:kunden|vertrags|personal|mitglieds|haus)nummer|house_?(?:no|number)|birth_?(?:date|day)|date_?of_?birth|dob|geburts(?:datum|tag)|date_(?:de_)?naissance)$/,
  },
  isFallback: true,
  example: {
    options: { keep_first: 2, keep_last: 1 },
    type: "text",
    values: ["KD-2041-x7", "kd-2041-X7", "K7"],
  },
});
