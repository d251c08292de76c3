import * as z from "zod";
import { clashSchema, RELATIONS } from "./verdict.ts";

/** Two changes run in both orders on copies of their base. */
export const orderProofSchema = z.object({
  relation: z
    .enum(RELATIONS)
    .describe(
      "independent: both orders lead to the same; order matters: only one works, or they differ; conflict: neither works; where they lead to the same and something is unproven, what the rules say of that",
    ),
  failures: z.array(
    z.object({
      order: z.tuple([z.enum(["a", "b"]), z.enum(["a", "b"])]),
      failed: z.enum(["a", "b"]),
      file: z.string().nullable(),
      line: z.int().nullable(),
      message: z.string(),
    }),
  ),
  differences: z.array(z.string()).describe("What the catalog has otherwise after a, b than after b, a"),
  rows_differ: z.array(z.string()).describe("Tables whose rows differ"),
  unproven: z
    .array(clashSchema)
    .describe(
      "What running them told nothing of: rows of a table that has none, in which both meet, and code that ends its own transaction",
    ),
  postgresql: z.int().describe("Major version of the scratch server"),
});
export type OrderProof = z.infer<typeof orderProofSchema>;
