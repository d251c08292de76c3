import * as z from "zod";

/** Two changes run in both orders on copies of their base. */
export const orderProofSchema = z.object({
  relation: z
    .enum(["independent", "order matters", "conflict"])
    .describe("Both orders lead to the same; only one works, or they differ; neither works"),
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
  postgresql: z.int().describe("Major version of the scratch server"),
});
export type OrderProof = z.infer<typeof orderProofSchema>;
