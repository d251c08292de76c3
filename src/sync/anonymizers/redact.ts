import * as z from "zod";
import { literal } from "../../sql/tag.ts";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { cutTo } from "../values/drawn-text.ts";

const options = z.strictObject({
  replacement: z
    .string()
    .regex(/^[^\0]*$/, "text without a zero character")
    .default("[REDACTED]")
    .describe("What stands there instead, cut to the length of the column"),
});

export const redact = defineAnonymizer({
  name: "redact",
  summary: "A word such as `[REDACTED]` instead of every text",
  options,
  accepts: TEXT_TYPES,
  isKeyed: false,
  distinctness: () => "lossy",
  expression: ({ replacement }, column) => literal(cutTo(replacement, column)),
  prepare({ replacement }, column) {
    const cut = cutTo(replacement, column);
    return { mask: () => cut };
  },
  mayGive: async ({ replacement }, column) => {
    const cut = cutTo(replacement, column);
    return (found) => found === cut;
  },
  recognises: {
    name: /(?:^|_)(?:diagnos[ei]s|(?:secret|security)_?answer|religion|ethnicit(?:y|ies)|sexual_?orientation|political_?(?:party|opinions?)|medications?|allerg(?:y|ies)|medical_?(?:history|conditions?)|diagnose|krankheit|konfession)$/,
  },
  example: { options: {}, type: "text", values: ["Her maiden name is Byron."] },
});
