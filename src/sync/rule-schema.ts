import * as z from "zod";

/** What a rules file says of one column: the name of an anonymizer, or that with its options. */
export const ruleSchema = z.union([
  z.string(),
  z.looseObject({ anonymizer: z.string(), domain: z.string().min(1).optional() }),
]);

export type RuleText = z.infer<typeof ruleSchema>;
