import * as z from "zod";
import { defineOutput } from "../base/output.ts";
import { changeSchema } from "../diff/change.ts";
import { compare } from "../diff/compare.ts";
import { planScript } from "../diff/script.ts";
import { readLinkedSnapshot, readSnapshot } from "../schema/snapshot.ts";
import { describePlan, planSchema, type ProveOptions, proveBothWays } from "./proven-plan.ts";
import { openSides, type SidesOptions } from "./sides/open-sides.ts";
import type { Side } from "./sides/side.ts";

export const diffOutput = defineOutput(
  "diff",
  1,
  z.object({
    from: z.string(),
    to: z.string(),
    same: z.boolean(),
    changes: z.array(changeSchema).describe("What turns `from` into `to`; a new name is a change of `name`"),
    plan: planSchema
      .nullable()
      .describe("How it gets there; null when nothing differs or none was asked for"),
    script: z
      .string()
      .nullable()
      .describe("The plan as SQL; null without a plan, or when it loses data that --allow does not name"),
  }),
);

export type DiffResult = z.infer<typeof diffOutput.schema>;

export interface DiffOptions extends SidesOptions, ProveOptions {
  /** Also plan, and prove it; default true. */
  readonly plan?: boolean | undefined;
  /** Let the plan drop what holds rows. */
  readonly allowDataLoss?: boolean | undefined;
}

/**
 * What turns one side into the other, and a proven plan for it. Throws DIFFER_401, CONFIG_008, what the sides
 * throw, DIFFER_410, and DIFFER_404 to DIFFER_406 when no plan stands its proof.
 */
export async function diff(from: Side, to: Side, options: DiffOptions): Promise<DiffResult> {
  const sidesNamed = { from: from.label, to: to.label };
  if (options.plan === false) {
    await using sides = await openSides(from, to, { ...options, read: readSnapshot });
    const changes = compare(sides.from.snapshot, sides.to.snapshot);
    return { ...sidesNamed, same: changes.length === 0, changes, plan: null, script: null };
  }
  await using sides = await openSides(from, to, { ...options, read: readLinkedSnapshot });
  const changes = compare(sides.from.snapshot, sides.to.snapshot);
  if (changes.length === 0) return { ...sidesNamed, same: true, changes, plan: null, script: null };
  const { up, down, changes: withNames } = await proveBothWays(sides, options);
  const plan = await describePlan({ up, down }, sides.to.snapshot.major);
  const isAllowed = plan.data_loss.length === 0 || options.allowDataLoss === true;
  const script = isAllowed ? planScript(up) : null;
  return { ...sidesNamed, same: false, changes: withNames, plan, script };
}
