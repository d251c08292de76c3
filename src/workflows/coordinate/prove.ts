import * as z from "zod";
import { defineOutput } from "../../base/output.ts";
import { judge } from "../../coordinate/verdict/judge.ts";
import { orderProofSchema } from "../../coordinate/verdict/order-proof.ts";
import { RELATIONS, verdictSchema } from "../../coordinate/verdict/verdict.ts";
import type { ScratchOptions } from "../../scratch/scratch.ts";
import type { Side } from "../sides/side.ts";
import { openBase } from "./base.ts";
import { type Change, onBase } from "./change.ts";
import { proveOrder } from "./prove-order.ts";

export const proveOutput = defineOutput(
  "coordinate.prove",
  1,
  z.object({
    a: z.string(),
    b: z.string(),
    base: z.string().describe("What both start from"),
    relation: z.enum(RELATIONS).describe("As it was proven"),
    proof: orderProofSchema,
    rules: verdictSchema.describe("What the rules say without a proof; they may be stricter"),
  }),
);
export type ProveResult = z.infer<typeof proveOutput.schema>;

export interface NamedChange extends Change {
  readonly label: string;
}

export interface ProveRequest {
  readonly a: NamedChange;
  readonly b: NamedChange;
  readonly base: Side;
  readonly scratch: ScratchOptions;
}

/** Run two changes in both orders on copies of their base. Throws as `openBase`. */
export async function prove({ a, b, base: side, scratch: options }: ProveRequest): Promise<ProveResult> {
  await using base = await openBase(side, options);
  const sides = { a: await onBase(a, base.catalog), b: await onBase(b, base.catalog) };
  const proof = await proveOrder(base.scratch, { base: base.database, ...sides });
  const rules = judge(sides.a.footprint, sides.b.footprint);
  return { a: a.label, b: b.label, base: side.label, relation: proof.relation, proof, rules };
}
