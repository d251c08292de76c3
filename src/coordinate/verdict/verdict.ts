import * as z from "zod";
import { MODES, touchedObjectSchema } from "../footprint/touch.ts";

/** What two changes are to each other, mildest first. */
export const RELATIONS = ["independent", "duplicate", "order matters", "opaque", "conflict"] as const;
export type Relation = (typeof RELATIONS)[number];

/** The types of conflict of Confiture 0.20. */
const CONFLICT_TYPES = [
  "table",
  "column",
  "function",
  "index",
  "constraint",
  "timing",
  "dependency",
] as const;

const placeSchema = z.object({
  file: z.string().nullable(),
  line: z.int(),
  operation: z.string(),
  mode: z
    .enum(MODES)
    .nullable()
    .describe("What it does to the object; null where only its lock is in the way"),
});

/** One thing that stands between two changes. */
export const clashSchema = z.object({
  type: z.enum(CONFLICT_TYPES),
  relation: z.enum(RELATIONS),
  severity: z.enum(["error", "warning"]),
  object: touchedObjectSchema,
  /** Where each side touches it. */
  a: placeSchema,
  b: placeSchema,
  explanation: z.string(),
  suggestion: z.string(),
});
export type Clash = z.infer<typeof clashSchema>;

export const verdictSchema = z.object({ relation: z.enum(RELATIONS), clashes: z.array(clashSchema) });
export type Verdict = z.infer<typeof verdictSchema>;

/** What several things that stand between two changes make of them. */
export const gravest = (relations: readonly Relation[]): Relation =>
  RELATIONS[Math.max(0, ...relations.map((relation) => RELATIONS.indexOf(relation)))]!;
