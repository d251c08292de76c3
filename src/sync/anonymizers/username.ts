import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { cutTo, opaqueDistinctness } from "../values/drawn-text.ts";
import type { Draw } from "../keyed/draw.ts";

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aeiou";

/** Syllables and a number; for 10^9 users two share a name now and then. */
function spoken(draw: Draw): string {
  let name = "";
  for (let i = 0; i < 3; i++) name += CONSONANTS[draw.below(16)]! + VOWELS[draw.below(5)]!;
  return name + String(draw.below(1000)).padStart(3, "0");
}

export const username = defineAnonymizer({
  name: "username",
  summary: "A name that can be spoken, or an opaque one in a column that must stay unique",
  options: z.strictObject({}),
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: (_options, column) => opaqueDistinctness(column, 1),
  prepare: (_options, column) => ({
    mask: (_value, draw) => cutTo(column.isUnique ? `u${draw.opaque()}` : spoken(draw), column),
  }),
  recognises: {
    isIdentity: true,
    name: /user_?name|benutzername|nom_(?:d_)?utilisateur|(?:^|_)(?:login(?:_?(?:id|name))?|nick(?:_?name)?|handle|screen_name|identifiant|pseudo)$/,
  },
  example: { options: {}, type: "text", values: ["ada.lovelace", "countess_1815"] },
});
