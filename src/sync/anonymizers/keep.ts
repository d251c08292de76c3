import * as z from "zod";
import { defineAnonymizer } from "../anonymizer.ts";

const options = z.strictObject({
  searched: z
    .boolean()
    .default(true)
    .describe(
      "Search it for values of masked columns; false where its words are names by nature, such as titles of films",
    ),
});

export const keep = defineAnonymizer({
  name: "keep",
  aliases: ["preserve"],
  summary: "The value as it is: said of a column that holds nothing personal",
  options,
  accepts: "any",
  isPlain: true,
  isSearched: ({ searched }) => searched,
  isKeyed: false,
  distinctness: () => "bijection",
  expression: (_options, _column, value) => value,
  prepare: () => ({ mask: (value) => value }),
  mayGive: async () => () => true,
  example: { options: {}, type: "text", values: ["as it is"] },
});
