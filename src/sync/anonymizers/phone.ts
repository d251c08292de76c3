import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { layoutMasking, sameSort } from "../formats.ts";

const options = z.strictObject({
  keep_first: z
    .int()
    .min(0)
    .max(8)
    .default(0)
    .describe("Digits at the start to keep, such as a country code"),
});

export const phone = defineAnonymizer({
  name: "phone",
  summary: "Other digits in the same layout",
  options,
  accepts: TEXT_TYPES,
  isKeyed: true,
  distinctness: () => "bijection",
  prepare: ({ keep_first: keepFirst }) => layoutMasking(sameSort, { keepFirst }),
  recognises: { name: /phone|mobile|^tel(_|$)|telefon|^fax/i, value: /^\+?[\d ()./-]{7,20}$/ },
  example: { options: {}, type: "text", values: ["+44 20 7946 0958", "(555) 010-9999", "0"] },
});
