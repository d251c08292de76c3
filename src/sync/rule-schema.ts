import * as z from "zod";

/** What a rules file says of one column: the name of an anonymizer, or that with its options. */
export const ruleSchema = z.union([
  z.string(),
  z.looseObject({
    anonymizer: z.string().describe("The name of an anonymizer; its options stand beside it"),
    domain: z.string().min(1).optional().describe("The identity domain, if it is not that of the column"),
  }),
]);

export type RuleText = z.infer<typeof ruleSchema>;
