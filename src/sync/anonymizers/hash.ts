import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer, type MaskedColumn, TEXT_TYPES } from "../anonymizer.ts";
import { drawnDistinctness, requireRoom } from "../values/drawn-text.ts";

/** Hexadecimal digits of a tag. */
const MOST = 32;

const options = z.strictObject({
  length: z
    .int()
    .min(1)
    .max(MOST)
    .optional()
    .describe("Hexadecimal digits; 32, or as many as the column has room for, where this is left out"),
});

const digitsOf = ({ length }: z.infer<typeof options>, { maxLength }: MaskedColumn): number =>
  length ?? Math.min(MOST, maxLength ?? MOST);

export const hash = defineAnonymizer({
  name: "hash",
  aliases: ["salted_hashing"],
  summary: "A keyed hash (AES-CMAC) of the value, as hexadecimal digits",
  options,
  accepts: [...TEXT_TYPES, "bytea"],
  isKeyed: true,
  distinctness: (given, column) => drawnDistinctness("0123456789abcdef", digitsOf(given, column), column),
  prepare(given, column) {
    const digits = digitsOf(given, column);
    const isBytes = column.type === "bytea";
    if (isBytes && digits % 2 === 1) {
      throw new ConfitureError("ANON_1400", `${digits} hexadecimal digits are no whole number of bytes`);
    }
    requireRoom("a hash", digits, column);
    const prefix = isBytes ? "\\x" : "";
    return { mask: (_value, draw) => prefix + Buffer.from(draw.bytes()).toString("hex").slice(0, digits) };
  },
  recognises: { name: /(?:^|_)(?:fingerprint|device_id)$/, isIdentity: true },
  isFallback: true,
  example: { options: {}, type: "text", values: ["ada@lovelace.org", "0"] },
});
