import * as z from "zod";
import { defineAnonymizer } from "../anonymizer.ts";

export const keep = defineAnonymizer({
  name: "keep",
  aliases: ["preserve"],
  summary: "The value as it is: said of a column that holds nothing personal",
  options: z.strictObject({}),
  accepts: "any",
  isPlain: true,
  isKeyed: false,
  distinctness: () => "bijection",
  expression: (_options, _column, value) => value,
  prepare: () => ({ mask: (value) => value }),
  mayGive: async () => () => true,
  example: { options: {}, type: "text", values: ["as it is"] },
});
