import * as z from "zod";
import { ConfitureError } from "../../base/errors.ts";
import { defineAnonymizer } from "../anonymizer.ts";

export const nullAnonymizer = defineAnonymizer({
  name: "null",
  summary: "NULL instead of every value",
  options: z.strictObject({}),
  accepts: "any",
  isAlwaysNull: true,
  recognises: {
    name: /(?:^|_)(?:photo|picture|portrait|avatar|selfie|signature|thumbnail|foto|biometrics?)$/,
    onlyFor: ["bytea"],
  },
  isKeyed: false,
  distinctness: () => "bijection",
  expression: (_options, column) => {
    if (!column.isNullable) throw new ConfitureError("ANON_1400", "the column is not nullable");
    return "null";
  },
  prepare: (_options, column) => {
    if (!column.isNullable) throw new ConfitureError("ANON_1400", "the column is not nullable");
    return { mask: () => null };
  },
  example: { options: {}, type: "text", values: ["anything"] },
});
