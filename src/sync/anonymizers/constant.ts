import * as z from "zod";
import { literal } from "../../sql/tag.ts";
import { defineAnonymizer } from "../anonymizer.ts";
import { fixedValue, requireFits } from "../values/fixed-value.ts";

const options = z.strictObject({
  value: fixedValue.describe("What every value becomes; NULL stays NULL"),
});

export const constant = defineAnonymizer({
  name: "constant",
  summary: "One value instead of all others",
  options,
  accepts: "any",
  isKeyed: false,
  distinctness: () => "lossy",
  expression({ value }, column) {
    requireFits(value, column);
    return `cast(${literal(value)} as ${column.sqlType})`;
  },
  prepare({ value }, column) {
    requireFits(value, column);
    return { mask: () => value };
  },
  mayGive:
    async ({ value }) =>
    (found) =>
      found === value,
  example: { options: { value: "unknown" }, type: "text", values: ["a diagnosis"] },
});
