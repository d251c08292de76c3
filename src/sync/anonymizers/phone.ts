import * as z from "zod";
import { defineAnonymizer, TEXT_TYPES } from "../anonymizer.ts";
import { layoutMasking, sameSort } from "../values/formats.ts";

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
  recognises: {
    isIdentity: true,
    name: /phone|mobile|telefon|^(?:tel|fax|gsm|msisdn|whatsapp|handy|mobil)(?:_|$)|^portable$/,
    value:
      /^(?:\+\d[\d ()./-]{6,20}|\(\d{2,5}\) ?\d{2,4}[ -]?\d{2,6}|\d{3}[-. ]\d{3}[-. ]\d{4}|0\d{1,4}[ /-]\d[\d ./-]{4,14})$/,
    possible: /\d(?:\D{0,3}\d){4}/,
  },
  example: { options: {}, type: "text", values: ["+44 20 7946 0958", "(555) 010-9999", "0"] },
});
